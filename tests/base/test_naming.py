"""What looks like a person in a text, and what does not."""

import time

import pytest

from chain.base import naming


def seen(text: str, **more: list[str]) -> list[tuple[str, str]]:
    return [(one.kind, one.words) for one in naming.found(text, **more)]


@pytest.mark.parametrize(
    "text",
    [
        "140302-1234", "20140302-1234", "201403021234", "1403021234", "140302 1234", "140302+1234", "140302–1234",
        "140302 - 1234", "2014-03-02-1234", "2014 03 02 1234", "140362-1234", "140302-T123", "140302-TF12", "140302-XXXX", 
        "född 2014-03-02", "f. 140302", "１４０３０２-1234", "140302\u00ad-1234", "140302‑1234",
    ],
)  # fmt: skip
def test_a_personal_number_however_it_is_written(text: str) -> None:
    for whole in (text, f"Gruppen har arbetat ({text}) med lek.", f"Stöd till {text}"):
        assert [kind for kind, _words in seen(whole)] == ["number"], whole


@pytest.mark.parametrize(
    "text",
    ["070-123 45 67", "070 123 45 67", "08-123 456 78", "+46 70 123 45 67", "0046701234567", "+46(0)70-1234567", "0522-12 34 56"],
)
def test_a_telephone_number(text: str) -> None:
    assert [kind for kind, _words in seen(f"Ring {text} om ni undrar.")] == ["telephone"]


@pytest.mark.parametrize("text", ["alva.berg@sjovik.example", "alva(at)sjovik.se", "alva [at] sjovik.se", "Alva @ sjovik.se"])
def test_an_address(text: str) -> None:
    assert [kind for kind, _words in seen(f"Skriv till {text} om ni undrar.")] == ["address"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi har följt eleven Alva i två år.", "eleven Alva"),
        ("Eleven A.B. behöver bildstöd.", "Eleven A"),
        ("Barnet Zahra trivs.", "Barnet Zahra"),
        ("En pojke, Kalle, har det svårt.", "pojke, Kalle"),
        ("Det finns en flicka som heter Nour.", "flicka som heter Nour"),
        ("Syskonen Berg ska inte gå ihop.", "Syskonen Berg"),
        ("Stödet till elev A ska fortsätta.", "elev A"),
        ("Tack vare resursen Ali fungerar det.", "resursen Ali"),
        ("Eleverna Anna-Karin och Ola leder.", "Eleverna Anna-Karin"),
    ],
)
def test_a_child_that_is_named(text: str, words: str) -> None:
    assert seen(text)[0] == ("child", words)


@pytest.mark.parametrize("text", ["A.B.", "A. B.", "A.B", "K L", "Å.Ö.", "A.B.C."])
def test_initials(text: str) -> None:
    assert seen(f"Vi har särskilt följt {text} under året")[0] == ("initials", text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi har haft många samtal med Alvas mamma.", "Alvas mamma"),
        ("Zahras diagnos är ny.", "Zahras diagnos"),
        ("Det är Omars stora behov som styr.", "Omars stora behov"),
        ("När Alva kom till oss talade hon inte svenska.", "Alva"),
        ("Alva har svårt för övergångar. Hon behöver bildstöd.", "Alva"),
        ("Kalle, han behöver en egen plats.", "Kalle"),
        ("I gruppen finns Nour, 5 år, och vi vill att ni vet det.", "Nour, 5 år"),
        ("Ett barn (Nour (5 år)) talar arabiska.", "Nour (5 år"),
    ],
)
def test_a_name_by_what_is_said_of_it(text: str, words: str) -> None:
    assert ("name", words) in seen(text)


def test_names_that_the_caller_knows() -> None:
    people = ["Lena Gran", "Bo Alm", "Per Sjö"]
    assert seen("Lena Gran har lett arbetet.", people=people) == [("known", "Lena Gran")]
    assert seen("Det var Lenas idé, och bo alms.", people=people) == [("known", "Lenas"), ("known", "bo alms")]
    assert seen("Här kan ni bo kvar. Per capita blir det 3.", people=people) == []
    assert seen("Lena Granath. Lena", people=["", "Lena", *people]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Gruppen har arbetat i mindre grupper om 5–7 barn. Det har gett lugn, t.ex. vid samlingen.",
        "Barnens behov har styrt. Gruppens modersmål är sju. Läsårets utredning finns. Femåringarnas frånvaro har sjunkit.",
        "Eleverna i åk 4–6 läser Svenska som andraspråk, NO och SO. N.O. har vi haft i halvklass. S.O. likaså.",
        "Eleverna Svenska som andraspråk. Betygen A B och C sattes i åk 6. Betyg A B",
        "Varje elev får visa vad hen kan. Pedagogen följer barnet, och hon dokumenterar.",
        "Diarienummer Bun 2027/118, skolenhetskod 67134582, kommunkod 0182, läsåret 2026/27, 20262027.",
        "Den 2027-05-12 och 12-05-2027 möttes vi, kl. 08:15–09:45. 0–5 år. 2 000 000 kr, 212000-0167.",
        "Skolverket har stöd: Bornholmsmodellen. Enligt Lpfö 18 ska barnet. I A-gruppen och i B-gruppen har vi. I B har vi lekt.",
        "På avdelning Björken, 5 år, har vi lekt. I klass A. I år blir det B. Vi fortsätter.",
        "Skolan är öppen. Han och hon är ord som barnen möter. Förskolans mamma-grupp.",
        "Vårdnadshavaren får veta. Läraren har en plan. Eleven. Anpassningar görs i förväg.\nBarnet\nVi ser barnet.",
        "Arbetslaget A–F. Vi har prövat Legorobotar och Polyglutt på iPad, och Widgit.",
        "”Alla kan något”, säger vi. Alla har sin egen plats.",
        "Hela gruppen: Alla barn deltar. Elevers behov av lugn. Barns svårigheter med ljud. Sexåringars behov av rörelse.",
    ],
)
def test_what_is_about_a_group_raises_no_alarm(text: str) -> None:
    assert seen(text, known=["Björken", "Ekens förskola"]) == []


def test_names_of_units_are_nobodys() -> None:
    text = "Björkens behov är stora, och när Eken kom till oss visade han sig. Tack vare Eken har vi lekt."
    assert seen(text, known=["Björkens förskola", "Eken"]) == []
    assert seen(text) != []


def test_nothing_is_told_twice() -> None:
    assert len(seen("Eleven Alva (alva@sjovik.example, 140302-1234): Alvas mamma.")) == 4


def test_what_is_found_is_told_with_its_words_and_its_sentence() -> None:
    text = "Vi har lekt mycket. Eleven Alva trivs. Det är bra."
    one = naming.found(text)[0]
    assert naming.sentence_of(text, one) == "Eleven Alva trivs."
    assert "”Eleven Alva”" in naming.told(one)
    for kind in naming.SENTENCES:
        assert "”x”" in naming.told(naming.Found(kind, "x", 0, 1))


def test_a_long_text_is_read_at_once() -> None:
    for text in (
        "Alva " * 6000,
        "0" * 30000,
        "A. " * 10000,
        "a" * 30000,
        "elev " * 6000,
        "- " * 15000,
        "1 " * 15000,
        "x@" * 15000,
    ):
        before = time.perf_counter()
        naming.found(text)
        assert time.perf_counter() - before < 2, text[:10]
