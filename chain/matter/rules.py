"""What is true of a decision as the minutes have it."""

import re
from datetime import date

from chain.base.errors import RuleBroken
from chain.base.locale import _

LONGEST = 10_000  # characters of a decision's text


def paragraph(typed: str) -> str:
    """`12`, `§12` and `§ 12` are one paragraph: § 12."""
    plain = re.sub(r"\s+", " ", typed.replace("§", " ")).strip()
    return f"§ {plain}" if plain else ""


def check(decided_on: date, number: str, registration: str, text: str, *, today: date) -> None:
    """Refuse what minutes cannot say: no paragraph, no number, no words, or a day that has not been."""
    problems = {}
    if decided_on > today:
        problems["decided_on"] = _("Den dagen har inte varit än. Ett beslut skrivs in när det är fattat.")
    if not number or len(number) > 20:
        problems["paragraph"] = _("Skriv paragrafen i protokollet, till exempel § 12.")
    if not registration.strip() or len(registration.strip()) > 60:
        problems["registration_number"] = _("Skriv diarienumret, till exempel Bun 2018/75.")
    if not text.strip():
        problems["text"] = _("Skriv beslutet som det står i protokollet.")
    elif len(text) > LONGEST:
        problems["text"] = _("Skriv högst %(n)s tecken.", n=LONGEST)
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)
