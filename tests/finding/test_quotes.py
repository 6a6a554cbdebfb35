"""What may be quoted further up: the passage's own words, that point nobody out and tell no figure of few."""

import pytest
from flask import Flask

from chain.base.errors import RuleBroken
from chain.finding import quote_rules as rules

PASSAGE = "Lärarna behöver handledning i svenska, säger arbetslaget. Pias grupp har fått mest stöd."
NAMES = ("Pia Östlund", "Bo Alm", "Per Sjö", "Åsa-Lena Ek", "Lo Vass")
PLACES = ("Alskolan", "Ekskolan", "Norra området")


def check(quote: str, passage: str = PASSAGE, confirmed: bool = True) -> str:
    return rules.check(quote, passage, names=NAMES, places=PLACES, confirmed=confirmed)


@pytest.mark.parametrize(
    "quote",
    [
        "Lärarna behöver handledning i svenska",
        "Lärarna behöver  handledning\ni svenska",
        "Lärarna behöver handledning […] säger arbetslaget.",
        "[Personalen] behöver handledning i svenska",
        "handledning i svenska, säger arbetslaget. [En] grupp har fått mest stöd.",
    ],
)
def test_a_quote_is_the_passages_words_shortened_or_bracketed(app: Flask, quote: str) -> None:
    assert check(quote) == " ".join(quote.split())


@pytest.mark.parametrize(
    "quote",
    [
        "Lärarna behöver mer handledning",
        "svenska, säger arbetslaget. Lärarna behöver",
        "[Allt annat är omskrivet här]",
        "[…] svenska [x]",
    ],
)
def test_other_words_another_order_or_hardly_any_are_refused(app: Flask, quote: str) -> None:
    with pytest.raises(RuleBroken, match="står inte så"):
        check(quote)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Vi ser att Pia behöver tid.", "Pia"),
        ("Vi ser att Pias grupp läser.", "Pias"),
        ("Enligt Östlund går det bra.", "Östlund"),
        ("Det säger Åsa-Lena också.", "Åsa-Lena"),
        ("I år har eleven Anna läst mer.", "eleven Anna"),
        ("I år har eleven A läst mer.", "eleven A"),
        ("Vikarien Karin tog över.", "Vikarien Karin"),
        ("Det var mamman Sara som ringde.", "mamman Sara"),
        ("Vi har talat med A. Bergkvist om det.", "A. Bergkvist"),
        ("Vi har talat med A.B. Bergkvist om det.", "A.B. Bergkvist"),
        ("Vi har talat med Karin B. om det.", "Karin B."),
        ("Vi har talat med Karin Bergkvist om det.", "Karin Bergkvist"),
        ("Hon har 20100412-1234 i registret.", "20100412-1234"),
        ("Skriv till karin@skolan.example om det.", "karin@skolan.example"),
        ("Ring 070-123 45 67 om det.", "070-123 45 67"),
    ],
)
def test_a_quote_that_may_name_somebody_says_what_stops_it(app: Flask, said: str, found: str) -> None:
    assert found in list(rules.persons(said, NAMES, PLACES))
    with pytest.raises(RuleBroken) as refused:
        check(said, said)
    assert f"”{found}”" in refused.value.sentence and "words" in refused.value.problems


@pytest.mark.parametrize(
    "said",
    [
        "Vi läser per ämne och bo kvar i salen.",  # small letters are words, not people
        "Ekskolan och Norra området har gjort det vi vill göra.",
        "Eleven ska få läsa mer. Läraren behöver tid.",
        "Matematik åk 6 har sjunkit sedan i november.",
        "Elever i åk F läser med flyt.",
        "Det beror på att Skolverket har ändrat provet.",
    ],
)
def test_ordinary_words_are_let_through(app: Flask, said: str) -> None:
    assert check(said, said) == said


def test_a_name_cannot_be_ticked_away_but_reworded(app: Flask) -> None:
    with pytest.raises(RuleBroken, match="peka ut"):
        check("Pias grupp har fått mest stöd.", confirmed=True)
    assert check("[En] grupp har fått mest stöd.") == "[En] grupp har fått mest stöd."
    with pytest.raises(RuleBroken, match="peka ut"):
        check("[Bos] grupp har fått mest stöd.")


@pytest.mark.parametrize(
    ("said", "stopped"),
    [
        ("Av dem når 14 av 24 målen.", False), ("Av dem når 3 av 24 målen.", True), ("Av dem når 21 av 24 målen.", True),
        ("Av dem når 5 av 8 målen.", True), ("Alla når: 24 av 24.", True), ("Sedan 3 av våra 11 elever bytte.", True),
        ("År 2026 av 2020 spelar ingen roll.", False),
    ],
)  # fmt: skip
def test_a_share_of_few_is_stopped(app: Flask, said: str, stopped: bool) -> None:
    assert bool(list(rules.few(said))) is stopped


def test_somebody_confirms_it(app: Flask) -> None:
    with pytest.raises(RuleBroken, match="Bekräfta") as refused:
        check("Lärarna behöver handledning i svenska", confirmed=False)
    assert "confirmed" in refused.value.problems
