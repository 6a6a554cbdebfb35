"""What is true of sessions, passwords and repeated failures."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how exactly it is kept when somebody was last here
WELCOME_LASTS = timedelta(hours=24)

SHORTEST = 12
LONGEST = 200  # hashing is work: nobody may ask for it by the megabyte

REMEMBERED = timedelta(hours=1)  # how long a failed attempt counts


class Patience(NamedTuple):
    """How many attempts are free, because typing errors are human, and the longest wait in seconds after that."""

    free: int
    longest: int


PATIENCE = {
    "account here": Patience(4, 300),  # one account from one network: a guesser, or somebody who should ask for a new code
    "account": Patience(20, 60),  # one account from anywhere: nobody far away can keep its owner out for long
    "network": Patience(40, 15),  # a whole school may sit behind one address
}

COMMON = Path(__file__).resolve().parents[2] / "data" / "common_passwords.txt"


def over(started: datetime, seen: datetime, now: datetime) -> str:
    """Why a session is over: 'absolute', 'idle' or nothing."""
    if now - started >= ABSOLUTE:
        return "absolute"
    return "idle" if now - seen >= IDLE else ""


def normal(password: str) -> str:
    """The same letters however the keyboard composed them: ä as one sign (NFC)."""
    return unicodedata.normalize("NFC", password)


def wait(failures: int, patience: Patience) -> int:
    """Seconds from the latest failure to the next attempt: 0 while it may be a slip, then 2, 4, 8 … up to the longest."""
    if failures < patience.free:
        return 0
    return min(patience.longest, 1 << min(failures - patience.free + 1, 10))


def network(address: str) -> str:
    """The network that an address belongs to: /24 or, in version 6, /64. One machine can have many addresses of its own."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def local_path(address: str | None) -> str:
    """The address if it lies on this site, else the first page. Browsers drop control characters and turn \\ to /."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\") or any(sign <= " " for sign in address):
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc else address


def weakness(password: str, about: Iterable[str]) -> str:
    """Why a password is easy to guess: 'short', 'long', 'same', 'row', 'common', 'personal' or nothing.

    `about` holds what the person is known by: name, e-mail address, municipality.
    """
    plain = normal(password).casefold()
    if len(plain) < SHORTEST:
        return "short"
    if len(plain) > LONGEST:
        return "long"
    if len(set(plain)) < 5:
        return "same"
    if _row(plain):
        return "row"
    if any(_made_of(core, common()) for core in _cores(plain)):
        return "common"
    known = frozenset(word for text in about for word in _words(text))
    return "personal" if any(_made_of(core, common() | known) for core in _cores(plain)) else ""


@cache
def common() -> frozenset[str]:
    """Passwords that are tried first, one a line, casefolded."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_ROWS = (
    "abcdefghijklmnopqrstuvwxyzåäö", "01234567890123456789", "qwertyuiopåasdfghjklöäzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmik", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
)  # fmt: skip


def _row(plain: str) -> bool:
    """Whether nearly all of it follows the keys or the alphabet, forwards or backwards."""
    covered, place = 0, 0
    while place < len(plain):
        length = next(
            (n for n in range(len(plain) - place, 3, -1) if any(plain[place : place + n] in row for row in _both_ways())), 0
        )
        covered += length
        place += length or 1
    return len(plain) - covered < 5


@cache
def _both_ways() -> tuple[str, ...]:
    return tuple(text for row in _ROWS for text in (row, row[::-1]))


def _cores(plain: str) -> Iterable[str]:
    """The letters that are left without figures and signs; and again with p@ssw0rd read as password."""
    yield "".join(sign for sign in plain if sign.isalpha())
    ends = plain.strip("0123456789!?.,-_#*@&%+ ")
    yield "".join(sign for sign in ends.translate(_LOOKALIKES) if sign.isalpha())


def _made_of(core: str, words: frozenset[str]) -> bool:
    """Whether the letters are nothing but one or two known words, or one said over and over, or hardly any letters at all."""
    if len(core) < 4 or core in words:
        return True
    if any(core[:cut] in words and core[cut:] in words for cut in range(1, len(core))):
        return True
    return any(len(core) % n == 0 and core[:n] * (len(core) // n) == core for n in range(1, len(core) // 2 + 1))


def _words(text: str) -> Iterable[str]:
    """The words of a text, as they are written and without dots and rings: Östlund, ostlund."""
    plain = normal(text).casefold()
    for form in (plain, unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()):
        words = "".join(sign if sign.isalpha() else " " for sign in form).split()
        yield from words
        yield "".join(words)


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: a code may be read aloud


def new_code(bits: int) -> str:
    """130 random bits as 26 signs, in groups that can be read aloud: 8FZ2-…"""
    signs = "".join(_ALPHABET[bits >> 5 * place & 31] for place in range(26))
    return "-".join(signs[start : start + 4] for start in range(0, 26, 4))


def plain_code(typed: str) -> str:
    """A code as it was meant, whatever the groups and the case, with O for 0 and I or L for 1."""
    return "".join(sign for sign in typed.upper().translate(str.maketrans("OIL", "011")) if sign.isalnum())


def device(user_agent: str) -> str:
    """Browser and system in a few words, to recognise one's own session by: 'Firefox, Windows'."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
