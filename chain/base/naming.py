"""What in a text looks like a person. Rules alone: a text in, what was found out. No pupil's name is known here, or kept.

There is no list of first names: it would find Kalle and not Zahra. What is looked for is how people are written of: numbers
and addresses, "eleven Alva", "A.B.", "Alvas mamma", "när Alva kom ... hon", and the names that the caller knows.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from chain.base.locale import _

PERSONAL_NUMBER = re.compile(r"\b(?:19|20)?\d{6}[-+ ]?\d{4}\b")  # in a finished document, to be looked at


@dataclass(frozen=True)
class Found:
    """Something that looks like a person. `kind`: a key of SENTENCES. `words`: as in `plain(text)`, from `start` to `end`."""

    kind: str
    words: str
    start: int
    end: int


_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def plain(text: str) -> str:
    """A text with its letters, dashes and spaces written in one way, as `found` reads it."""
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).translate(_DASHES).replace("\r\n", "\n").replace("\t", " ")


def found(text: str, *, people: Iterable[str] = (), known: Iterable[str] = ()) -> list[Found]:
    """What looks like a person, in order, nothing told twice.

    `people`: whole names that are known (of staff). `known`: names of units and places, which are nobody's.
    """
    whole = plain(text)
    words = _words(whole)
    others = {each.casefold().rstrip("s") for name in known for each in _WORD.findall(plain(name))}
    read = Reading(whole, words, others, tuple(plain(name).strip() for name in people if name.strip()))
    said = sorted((one for look in LOOKS for one in look(read)), key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in said:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def sentence_of(text: str, one: Found) -> str:
    """The sentence that it stands in, as far as it can be told."""
    whole = plain(text)
    before = max((end.end() for end in _END.finditer(whole, 0, one.start)), default=0)
    after = _END.search(whole, one.end)
    return whole[before : after.end() if after else len(whole)].strip()


SENTENCES: dict[str, Callable[[], str]] = {
    "number": lambda: _("”%(words)s” ser ut som ett personnummer. Stryk det."),
    "telephone": lambda: _("”%(words)s” ser ut som ett telefonnummer. Stryk det."),
    "address": lambda: _("”%(words)s” är en e-postadress. Stryk den."),
    "child": lambda: _("”%(words)s” ser ut att peka ut ett barn eller en elev. Skriv om gruppen i stället."),
    "initials": lambda: _("”%(words)s” ser ut som någons initialer. Skriv om gruppen i stället."),
    "known": lambda: _("”%(words)s” är någon som arbetar här. Skriv vad den har för uppgift i stället för namnet."),
    "name": lambda: _("”%(words)s” ser ut som ett namn på någon. Skriv om gruppen i stället."),
}


def told(one: Found) -> str:
    """What it looks like and what to do, in a sentence."""
    return SENTENCES[one.kind]() % {"words": one.words}


# How a text is read


@dataclass(frozen=True)
class Word:
    text: str
    start: int
    end: int
    first: bool  # of its sentence: any word has a capital there

    @property
    def lower(self) -> str:
        return self.text.casefold()

    @property
    def proper(self) -> bool:
        """Written as a name is: a capital, then small letters."""
        return len(self.text) > 1 and self.text[0].isupper() and self.text[1:] != self.text[1:].upper()


@dataclass(frozen=True)
class Reading:
    whole: str
    words: list[Word]
    known: set[str]
    people: tuple[str, ...]

    def nobody(self, word: Word) -> bool:
        """A word that is known to be no person's name."""
        return word.lower in NOBODY or word.lower.rstrip("s") in self.known or word.lower.endswith(NOBODY_ENDS)

    def gap(self, one: Word, other: Word) -> str:
        return self.whole[one.end : other.start]

    def pairs(self) -> Iterator[tuple[Word, Word]]:
        return pairwise(self.words)


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_END = re.compile(r"[.!?:](?=\s)\s*|\n+")
_OPENS = " \"'”“’»(•*-"


def _words(whole: str) -> list[Word]:
    ends = {0, *(end.end() for end in _END.finditer(whole))}
    made = []
    for each in _WORD.finditer(whole):
        before = each.start()
        while before and before not in ends and whole[before - 1] in _OPENS:
            before -= 1
        made.append(Word(each[0], each.start(), each.end(), before in ends))
    return made


# What is looked for

_BORN = r"(?:(?:19|20)\d\d|\d\d)[- .]?(?:0[1-9]|1[0-2])[- .]?(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_LAST = r"(?:\d{4}|[xX*]{4}|[A-Za-z]{2}\d\d|[A-Za-z]\d{3})"  # a number for the time being has letters in it
_NUMBER = re.compile(rf"(?<![\d/-]){_BORN}(?: ?[-+] ?|[ ]|){_LAST}(?![\w/])")
_BORN_ON = re.compile(rf"\b(?:född|födda|fött|f\.) (?:den )?{_BORN}(?!\w)", re.I)
_TELEPHONE = re.compile(
    r"(?<![\w./+-])(?!\d\d[-./]\d\d[-./]\d{4}\b)"  # no date
    r"(?:(?:\+|00)\d{2}[ -]?(?:\(0\))?[ -]?|0)[1-9]\d{0,3}(?:[ /-]{0,3}\d{2,4}){2,4}(?![\w/])"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64} ?(?:@|[(\[](?:at|snabel-?a)[)\]]) ?[\w-]{1,63}(?:\.[\w-]{1,63})+", re.I)
_TOGETHER = re.compile(r"(?<![\w.&-])(?:[^\W\d_a-zåäö]\.){2,3}(?![\w-])|(?<![\w.&-])[^\W\d_a-zåäö]\.[^\W\d_a-zåäö](?![\w.-])")
_APART = re.compile(r"(?<![\w.,&-])([^\W\d_a-zåäö]\.? [^\W\d_a-zåäö]\.?)(?![\w&-])(?!,? ?[^\W\d_a-zåäö]\b)")


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


CHILDREN = _each(  # whoever is named right after them is a person
    "elev eleven elevens elever eleverna barn barnet barnets barnen flicka flickan flickans flickorna pojke pojken "
    "pojkens pojkarna tjej tjejen tjejerna kille killen killarna son sonen dotter dottern bror brodern syster systern "
    "syskonet syskonen kompisen kamraten mamma mamman pappa pappan vårdnadshavaren läraren fröken magistern pedagogen "
    "resursen assistenten kuratorn"
)
ONE_CHILD = _each("elev eleven elevens barn barnet barnets flicka flickan flickans pojke pojken pojkens tjejen killen")
CALLED = _each("heter kallas")
BELONGS = _each(  # what is said of a person, and seldom of a group
    "mamma mammas pappa pappas föräldrar förälder vårdnadshavare familj syster bror syskon mormor farmor morfar farfar "
    "kompis kompisar diagnos diagnoser medicin adhd autism utbrott frånvaro stödbehov språkstörning utredning "
    "åtgärdsprogram assistent elevassistent resurs resursperson funktionsnedsättning beteende svårigheter behov "
    "modersmål hemspråk"
)
PRONOUNS = _each("han hon honom henne hans hennes")
DOES = _each("har är behöver kan vill ska skall får mår blir var hade går tycker visar trivs leker talar pratar kom började fick")
NOBODY = _each(  # capitals of other things, and what often begins a sentence
    "skolverket skolverkets skolinspektionen sverige sveriges svenska engelska matematik idrott musik bild slöjd teknik "
    "lgr lpfö gy barns elevers flickors pojkars pedagogers lärares föräldrars människors ungdomars allas andras "
    "varandras vuxnas deras vars hans hennes veckans dagens flickans bornholm jul påsk ett en det den de vi ni man när "
    "om att varje alla några många flera både då där här hur vad vem som så men och eller också i på under efter före "
    "genom med utan för från till vid av hos mellan åt inte ingen inget barn barnet barnen elev eleven eleverna flickan "
    "pojken flickorna pojkarna gruppen klassen läraren lärarna pedagogen pedagogerna personalen rektorn rektor någon "
    "han hon hen ibland ofta idag sedan nu redan först dessutom därför trots tack enligt utifrån denna detta dessa vår "
    "våra sin sina"
)
NOBODY_ENDS = ("skolan", "skolans", "förskola", "åringars", "åringarnas", "hemmet", "hemmets", "verket", "modellen", "kommun")
OF_A_THING = ("ens", "ets", "nas")  # first in a sentence: Gruppens behov, Läsårets utvärdering, Barnens modersmål
ABBREVIATIONS = _each("NO SO EU FN IT US UK AI")
LABELS = _each("betyg betygen nivå nivåerna kurs grupp klass spår avdelning block hus plan steg del alternativ bilaga")
NEAR = 80  # characters between a name and the "hon" that is about it


def _numbers(read: Reading) -> Iterator[Found]:
    for kind, pattern in (("number", _NUMBER), ("number", _BORN_ON), ("address", _ADDRESS)):
        yield from (_at(kind, read, *one.span()) for one in pattern.finditer(read.whole))
    taken = [one.span() for one in _NUMBER.finditer(read.whole)]
    for one in _TELEPHONE.finditer(read.whole):
        digits = sum(char.isdigit() for char in one[0])
        if 8 <= digits <= 14 and not any(start < one.end() and one.start() < end for start, end in taken):
            yield _at("telephone", read, *one.span())


def _initials(read: Reading) -> Iterator[Found]:
    ends = [word.end for word in read.words]
    for one in (*_TOGETHER.finditer(read.whole), *_APART.finditer(read.whole)):
        letters = "".join(char for char in one[0] if char.isalpha())
        place = bisect_right(ends, one.start())
        before = [word.lower for word in read.words[max(0, place - 1) : place]]
        preposition = letters[0] == "I" and " " in one[0] and "." not in one[0]
        if letters.isupper() and letters not in ABBREVIATIONS and not preposition and not LABELS.intersection(before):
            yield _at("initials", read, *one.span())


def _children(read: Reading) -> Iterator[Found]:
    """Eleven Alva; barnet, Alva; en elev som heter Alva; elev A."""
    for place, noun in enumerate(read.words[:-1]):
        if noun.lower not in CHILDREN:
            continue
        name = read.words[place + 1]
        gap = read.gap(noun, name)
        if name.lower == "som" and len(read.words) > place + 3 and read.words[place + 2].lower in CALLED:
            name, gap = read.words[place + 3], " "
        if gap in (" ", ", ", ' "', " ”") and (_is_name(read, name) or (gap == " " and _is_letter(read, noun, name))):
            yield _at("child", read, noun.start, name.end)


def _is_name(read: Reading, word: Word) -> bool:
    return word.proper and not word.first and not read.nobody(word)


def _is_letter(read: Reading, noun: Word, word: Word) -> bool:
    rest = read.whole[word.end : word.end + 1]
    return noun.lower in ONE_CHILD and len(word.text) == 1 and word.text.isupper() and rest not in "-&/" + ("" if rest else "-")


def _belongings(read: Reading) -> Iterator[Found]:
    """Alvas mamma, Kalles stora behov."""
    for place, word in enumerate(read.words):
        after = read.words[place + 1 : place + 3]
        if (
            not word.proper
            or not word.lower.endswith("s")
            or read.nobody(word)
            or (word.first and word.lower.endswith(OF_A_THING))
        ):
            continue
        near = [one for one in after if not read.whole[word.end : one.start].strip(" abcdefghijklmnopqrstuvwxyzåäö")]
        if what := next((one for one in near if one.lower in BELONGS), None):
            yield _at("name", read, word.start, what.end)


def _pronouns(read: Reading) -> Iterator[Found]:
    """När Alva kom … hon; Alva har svårt … Hon."""
    for place, word in enumerate(read.words[:-1]):
        follows = read.words[place + 1]
        begins = read.gap(word, follows) in (" ", ", ") and (follows.lower in DOES or follows.lower in PRONOUNS)
        if not word.proper or read.nobody(word) or word.lower.endswith(OF_A_THING) or (word.first and not begins):
            continue
        near = [one for one in read.words[place + 1 : place + 20] if one.start - word.end <= NEAR]
        if any(one.lower in PRONOUNS for one in near):
            yield _at("name", read, word.start, word.end)


_AGE = re.compile(r"(?:, | \()\d{1,2} år(?=[,.)])")


def _ages(read: Reading) -> Iterator[Found]:
    """Alva, 5 år, … or Alva (5 år)."""
    for word in read.words:
        if word.proper and not read.nobody(word) and (age := _AGE.match(read.whole, word.end)):
            yield _at("name", read, word.start, age.end())


def _staff(read: Reading) -> Iterator[Found]:
    """Whole names wherever they stand; a first name alone where no sentence begins, if it is more than two letters long."""
    names: dict[str, list[list[str]]] = {}
    for name in read.people:
        parts = [part.casefold() for part in _WORD.findall(name)]
        names.setdefault(parts[0] if parts else "", []).append(parts)
    for place, word in enumerate(read.words):
        for first in (word.lower, word.lower.removesuffix("s")):
            if end := _whole(read.words[place : place + 6], names.get(first, [])):
                yield _at("known", read, word.start, end)
            elif first in names and len(first) > 2 and _is_name(read, word):
                yield _at("known", read, word.start, word.end)


def _whole(words: list[Word], names: list[list[str]]) -> int:
    """Where one of these names ends, if it is written out here; the last of it may be a genitive."""
    for parts in names:
        said = [word.lower for word in words[: len(parts)]]
        if len(parts) > 1 and said[:-1] == parts[:-1] and said[-1] in (parts[-1], f"{parts[-1]}s"):
            return words[len(parts) - 1].end
    return 0


LOOKS: tuple[Callable[[Reading], Iterator[Found]], ...] = (
    _numbers, _initials, _children, _belongings, _pronouns, _ages, _staff,
)  # fmt: skip


def _at(kind: str, read: Reading, start: int, end: int) -> Found:
    return Found(kind, read.whole[start:end], start, end)
