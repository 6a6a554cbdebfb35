"""What is true of sessions, passwords and repeated failures."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how exactly it is kept when somebody was last here
WELCOME_LASTS = timedelta(hours=24)

SHORTEST = 12
LONGEST = 200  # hashing is work: nobody may ask for it by the megabyte

REMEMBERED = timedelta(hours=1)  # how long a failed attempt counts
FREE_PER_ACCOUNT = 4  # attempts before the first wait: typing errors are human
FREE_PER_NETWORK = 40  # a whole school may sit behind one address
LONGEST_WAIT = 300  # seconds: long enough for a guesser, short enough for an owner

COMMON = Path(__file__).resolve().parents[2] / "data" / "common_passwords.txt"


def over(started: datetime, seen: datetime, now: datetime) -> str:
    """Why a session is over: 'absolute', 'idle' or nothing."""
    if now - started >= ABSOLUTE:
        return "absolute"
    return "idle" if now - seen >= IDLE else ""


def normal(password: str) -> str:
    """The same letters however the keyboard composed them: ä as one sign (NFC)."""
    return unicodedata.normalize("NFC", password)


def wait(failures: int, free: int) -> int:
    """Seconds from the latest failure to the next attempt: 0 while it may be a slip, then 2, 4, 8 … 300."""
    if failures < free:
        return 0
    return min(LONGEST_WAIT, 1 << min(failures - free + 1, 10))


def network(address: str) -> str:
    """The network that an address belongs to: /24 or, in version 6, /64. One machine can have many addresses of its own."""
    from ipaddress import ip_address, ip_network

    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def weakness(password: str, about: Iterable[str]) -> str:
    """Why a password is easy to guess: 'short', 'long', 'common', 'same', 'row', 'personal' or nothing.

    `about` holds what the person is known by: name, e-mail address, municipality, unit.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = password.casefold()
    letters = "".join(sign for sign in plain.translate(_LOOKALIKES) if sign.isalpha())
    if len(set(plain)) < 5:
        return "same"
    if _row(plain):
        return "row"
    if plain in common() or _stem(plain) in common() or (letters in common() and len(plain) < 2 * SHORTEST):
        return "common"
    half = plain[: len(plain) // 2]
    if half * 2 == plain and (half in common() or len(half) < SHORTEST):
        return "common"
    known = {word for text in about for word in _words(text) if len(word) >= 3}
    rest = plain
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest != plain and len("".join(sign for sign in rest if sign.isalpha())) < 6:
        return "personal"
    return ""


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


def _stem(plain: str) -> str:
    """Without the figures and signs that people put at the ends: sommar2026!! → sommar."""
    return plain.strip("0123456789!?.,-_#*@&%+ ")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).casefold()
    simple = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return ["".join(sign if sign.isalnum() else " " for sign in form) for form in {plain, simple} for form in form.split()] + [
        part for form in {plain, simple} for part in "".join(sign if sign.isalnum() else " " for sign in form).split()
    ]


def device(user_agent: str) -> str:
    """Browser and system in a few words, to recognise one's own session by: 'Firefox, Windows'."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
