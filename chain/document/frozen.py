"""What a document says, as plain data: of its sections while it is written, kept when it is approved, and set from ever after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale

from chain.base import clock
from chain.base.locale import _, day
from chain.document import queries, rules
from chain.document.models import Document, DocumentSection
from chain.document.pulling import LANGUAGE
from chain.release import queries as release
from chain.report import figures, markup
from chain.report.figures import Choice
from chain.report.markup import Block
from chain.report.sheet import Sheet

KINDS = {"statement": "Tjänsteskrivelse", "year_report": "Läsårsrapport"}


def facts(document: Document, choices: Iterable[Choice], writers: Mapping[int, list[str]]) -> dict[str, Any]:
    """All that a document says now, with where each section comes from and who wrote it."""
    with force_locale(LANGUAGE):
        known = {one.address: one for one in choices}
        return {
            "document": document.public_id, "edition": document.edition, "kind": document.kind, "title": document.title,
            "registration_number": document.registration_number, "dated_on": document.dated_on.isoformat(),
            "committee": document.committee.name, "office": document.unit.name,
            "round": _round(document), "release": _release(document), "replaces": _replaced(document),
            "sections": [_section(one, known, writers.get(one.id, [])) for one in rules.printed(document.sections)],
        }  # fmt: skip


def now(document: Document, known: Sequence[Choice] | None = None) -> dict[str, Any]:
    """All that a document says as it stands. `known`: its choices, where they have been asked for already."""
    return facts(document, choices(document) if known is None else known, queries.writers(document))


def choices(document: Document) -> list[Choice]:
    """What its figures can be, of the release that it stands on."""
    if document.release is None:
        return []
    with force_locale(LANGUAGE):
        return figures.choices(document.release)


def missing(document: Document, known: Sequence[Choice] | None = None) -> Iterator[str]:
    """Sentences about what is to be done before it can be sent; none when it is complete."""
    one, shown = document.release, any(section.content.get("figures") for section in document.sections)
    holds = one is not None and one.state == "approved"
    number = document.registration_number
    yield from rules.missing(title=document.title, number=number, sections=document.sections, released=holds)
    if holds and one and shown and release.replaced_by(one):
        yield _("Siffrorna har getts ut på nytt sedan de hämtades. Hämta dem igen.")
    if holds and shown:
        there = {each.address for each in (choices(document) if known is None else known)}
        for section in document.sections:
            if set(section.content.get("figures", [])) - there:
                yield _(
                    "Något som är valt under ”%(heading)s” finns inte i utgåvan. Se över valet och spara.", heading=section.title
                )


def revision(document: Document) -> int:
    """Grows with every save and every change: what is sent and approved is what was read."""
    return document.version + sum(section.version for section in document.sections)


def _round(document: Document) -> dict[str, Any] | None:
    one = document.round
    return {"name": one.name[LANGUAGE], "number": one.number, "year": one.year.label} if one else None


def _release(document: Document) -> dict[str, Any] | None:
    """The release that its figures come from; none where it shows none."""
    one = document.release
    if one is None or not any(section.content.get("figures") for section in document.sections):
        return None
    approved = clock.date_of(one.decided_at).isoformat() if one.decided_at else ""
    return {"public_id": one.public_id, "number": one.number, "sha256": one.sha256, "approved_on": approved}


def _replaced(document: Document) -> dict[str, Any] | None:
    one = document.replaces
    return {"public_id": one.public_id, "edition": one.edition, "dated_on": one.dated_on.isoformat()} if one else None


def _section(section: DocumentSection, known: Mapping[str, Choice], writers: list[str]) -> dict[str, Any]:
    return {
        "key": section.key, "part": section.part, "title": section.title, "level": section.level,
        "blocks": [figures.drawn(block) for block in blocks(section, known)],
        "quotes": list(section.content["quotes"]), "sources": rules.standing(section.content, section.pulled),
        "written_by": writers,
    }  # fmt: skip


def blocks(section: DocumentSection, known: Mapping[str, Choice]) -> list[Block]:
    """What stands under a heading: the text, then words of others, then figures. What a newer release lacks is left out."""
    text, below = str(section.content["text"]), section.level + 2
    if section.part == "signatures":
        people = rules.people(text)
        return [{"kind": "signatures", "people": people}] if people else []
    found = markup.points(text) if section.part == "proposal" else markup.blocks(text, below)
    lifted = {one["public_id"]: one for one in section.pulled.get("quotes", [])}
    cited = [lifted[name] for name in section.content["quotes"] if name in lifted]
    found += [{**markup.quote(one["words"], one["source"]), "cites": one["public_id"]} for one in cited]
    return found + [known[address].block for address in section.content["figures"] if address in known]


def sheet(said: Mapping[str, Any]) -> Sheet:
    """A document as it is set and written, from what it says; what is still a draft says so on every page."""
    with force_locale(LANGUAGE):
        dated, draft = date.fromisoformat(said["dated_on"]), "Utkast, inte godkänt" if said.get("draft") else ""
        footer = [draft, said["registration_number"]]
        if said["edition"] > 1:
            footer.append(f"version {said['edition']}")
        if one := said["release"]:
            approved = day(date.fromisoformat(one["approved_on"])) if one["approved_on"] else ""
            footer.append(f"Siffror: utgåva {one['number']}, godkänd {approved}, {one['public_id']}")
        kind = KINDS[said["kind"]]
        return Sheet(
            title=said["title"], owner=said["committee"], office=said["office"], date=dated,
            facts=[("Datum", dated.isoformat()), ("Diarienummer", said["registration_number"])],
            subtitle=" · ".join(filter(None, (draft, _subtitle(said)))), description=f"{kind} till {said['committee']}",
            keywords=[kind, "systematiskt kvalitetsarbete"], footer=" · ".join(filter(None, footer)),
            blocks=[block for section in said["sections"] for block in _headed(section)],
        )  # fmt: skip


def _subtitle(said: Mapping[str, Any]) -> str:
    replaced = said["replaces"]
    instead = f"Ersätter versionen från den {day(date.fromisoformat(replaced['dated_on']))}" if replaced else ""
    return " · ".join(filter(None, (KINDS[said["kind"]], instead)))


def _headed(section: Mapping[str, Any]) -> list[Block]:
    found: list[Block] = section["blocks"]
    return found if section["part"] == "signatures" else [markup.heading(section["title"], section["level"] + 1), *found]
