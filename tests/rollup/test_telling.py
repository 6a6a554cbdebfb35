"""Every sentence that figures beside each other may get comes from one rule, in both languages (wireframes.md §5)."""

from fractions import Fraction

import pytest
from flask import Flask, g

from chain.rollup import funnel, telling, trend
from chain.rollup.funnel import Dot

LEVEL = [Dot(name, k, 100, name) for name, k in zip("abcdefghij", (88, 87, 90, 89, 86, 88, 87, 89, 90, 88), strict=True)]
YEARS = [trend.share(f"{2010 + year}/{11 + year}", k, 500, 20, 20) for year, k in enumerate((440, 441, 439, 442, 440, 438) * 2)]

SAID = {
    "sv": {
        "flag": "Norrskolan, Matematik åk 6: 14 av 24 nådde minst E. Kommunen 88 %. "
        "Skillnaden är större än vad slumpen brukar ge (99,8 %).",
        "others": "Inga resultat utmärker sig i övrigt – variationen är av den storlek som slumpen ger.",
        "none": "Inga resultat utmärker sig – variationen är av den storlek som slumpen ger.",
        "count": "1 av 11 jämförelser utmärker sig (99,8 %).",
        "spread": "gränserna är vidgade", "few": "bara prickar", "preliminary": "Preliminära gränser",
        "usual": "Året utmärker sig inte", "unusual": "det utmärker sig, ställ en fråga", "nothing": "inget att jämföra",
    },
    "en": {
        "flag": "Norrskolan, Matematik åk 6: 14 of 24 nådde minst E. Kommunen 88 %. "
        "The difference is larger than chance usually gives (99.8 %).",
        "others": "No other results stand out – the variation is of the size that chance gives.",
        "none": "No results stand out – the variation is of the size that chance gives.",
        "count": "1 of 11 comparisons stand out (99.8 %).",
        "spread": "the limits are widened", "few": "only dots", "preliminary": "Preliminary limits",
        "usual": "The year does not stand out", "unusual": "it stands out, ask a question", "nothing": "nothing to compare",
    },
}  # fmt: skip


def told(dots: list[Dot]) -> telling.Told:
    made = funnel.made(dots, Fraction(88, 100))
    return telling.comparisons([("Matematik åk 6", "nådde minst E", "", made)], "Kommunen")


def years(points: list[trend.Point]) -> str:
    limits = trend.limits([point.value or 0.0 for point in points], 0, 100)
    return telling.years(points, limits)[0]


@pytest.mark.parametrize("language", SAID)
def test_each_sentence_is_said_in_both_languages(app: Flask, language: str) -> None:
    with app.test_request_context():
        g.locale = language
        one, said = told([*LEVEL, Dot("Norrskolan", 14, 24, "n")]), SAID[language]
        assert (one.sentences, one.rest, one.count) == (
            (said["flag"],),
            said["others"],
            said["count"],
        )
        assert told(LEVEL).rest == said["none"] and said["nothing"] in telling.comparisons([], "Kommunen").rest
        wide = told([*LEVEL, *(Dot(name, 50, 100, name) for name in ("x", "y", "z"))])
        assert said["spread"] in wide.spread[0]
        assert said["few"] in years(YEARS[:4]) and said["preliminary"] in years(YEARS[:5]) and said["usual"] in years(YEARS)
        assert said["unusual"] in years([*YEARS[:-1], trend.share("2021/22", 380, 500, 20, 20)])
