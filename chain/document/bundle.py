"""A whole matter as one file for the registrar and the archive: documents, the committee's page, figures, decisions, a list."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock, tables
from chain.base.db import db
from chain.base.locale import moment
from chain.base.tables import Column, Table
from chain.document import queries
from chain.document.frozen import KINDS
from chain.document.models import Document, DocumentFile
from chain.document.pulling import LANGUAGE
from chain.matter import queries as matters
from chain.matter.models import Assignment, Decision, Matter
from chain.organisation.models import Mandate
from chain.release import tables as released
from chain.release.models import Release
from chain.report import committee_page, press
from chain.report import queries as reports
from chain.report.models import Edition
from chain.report.sheet import sha256_of

FORMATS = {
    "pdf": "PDF/A-2a och PDF/UA-1", "docx": "Word (Office Open XML)", "xlsx": "Excel (Office Open XML)",
    "csv": "CSV, UTF-8 med semikolon", "json": "JSON, UTF-8", "txt": "Text, UTF-8",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A file in the bundle: where it lies, what it is, its date, and what it holds."""

    path: str
    what: str
    dated: str
    body: bytes

    def facts(self) -> dict[str, Any]:
        kind = self.path.rpartition(".")[2]
        return {"file": self.path, "what": self.what, "date": self.dated, "format": FORMATS[kind], "bytes": len(self.body),
                "sha256": sha256_of(self.body)}  # fmt: skip


def made(matter: Matter, mandate: Mandate, at: datetime) -> bytes:
    """The matter as a zip, in Swedish: what has been handed over, what it stands on, what was decided and asked for."""
    with force_locale(LANGUAGE):
        found = [one for one in queries.of_matter(mandate, matter) if one.state == "handed_over"]
        pages = list(_editions(matter, found, mandate))
        releases = [*(one.release for one in found if one.release), *(one.release for one in pages)]
        items = [*_documents(found), *_pages(pages), *_figures(releases, at), *_decided(matter, at)]
        told = _manifest(matter, items, at)
        items += [
            Item("manifest.json", "Förteckning för system", _today(at), json.dumps(told, ensure_ascii=False, indent=1).encode()),
            Item("LÄSMIG.txt", "Förteckning för läsare", _today(at), _read_me(told, at).encode()),
        ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for item in items:
            name = zipfile.ZipInfo(item.path, at.astimezone(clock.STOCKHOLM).timetuple()[:6])
            bundle.writestr(name, item.body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _today(at: datetime) -> str:
    return clock.date_of(at).isoformat()


def _documents(found: Iterable[Document]) -> Iterator[Item]:
    documents = list(found)
    files = queries.files(documents)
    asked = select(Document.id, Document.frozen).where(Document.id.in_([one.id for one in documents]))
    frozen: dict[int, Any] = {number: said for number, said in db.session.execute(asked)}
    for place, one in enumerate(documents, 1):
        name = f"dokument/{place:02}-{tables.file_name(one.title)}-v{one.edition}"
        what = f"{KINDS[one.kind]}: {one.title}"
        for form in ("pdf", "docx"):
            file: DocumentFile = files[one.id, form]
            yield Item(f"{name}.{form}", what, one.dated_on.isoformat(), file.body)
        body = json.dumps({"sha256": one.sha256, "document": frozen[one.id]}, ensure_ascii=False, indent=1).encode()
        yield Item(f"{name}.json", f"{what} (som data, med källor)", one.dated_on.isoformat(), body)


def _editions(matter: Matter, found: Iterable[Document], mandate: Mandate) -> Iterator[Edition]:
    """The committee's page about what the matter and its documents are about, each time that it was handed over."""
    rounds = dict.fromkeys([matter.round, *(one.round for one in found)])
    for round in filter(None, rounds):
        report = reports.of(round)
        if report and policy.may(mandate, Action.READ, report):
            yield from reports.editions(report)


def _pages(found: Iterable[Edition]) -> Iterator[Item]:
    """As the committee got it, on paper."""
    for place, one in enumerate(found, 1):
        round = one.report.round
        page = reports.page(round, one.submission, one.release, one.published_at, seen=one.seen)
        name = tables.file_name(round.title, round.year.label)
        again = f", överlämnad på nytt (version {one.number})" if one.number > 1 else ""
        what = f"Nämndens sida: {round.in_year}{again}"
        body = press.pdf(committee_page.sheet(one.report, page, one))
        yield Item(f"namndens-sida/{place:02}-{name}-v{one.number}.pdf", what, clock.date_of(one.published_at).isoformat(), body)


def _figures(found: Iterable[Release], at: datetime) -> Iterator[Item]:
    """Each release that a document or the page stands on, once."""
    for release in {one.id: one for one in found}.values():
        table = released.released(release)
        dated = clock.date_of(release.decided_at).isoformat() if release.decided_at else ""
        for form, write in (("xlsx", tables.xlsx), ("csv", tables.csv), ("json", tables.json)):
            yield Item(f"siffror/utgava-{release.number}-{release.public_id}.{form}", table.title, dated, write(table, at))


def _decided(matter: Matter, at: datetime) -> Iterator[Item]:
    decisions = matters.standing(db.session.scalars(select(Decision).where(Decision.matter_id == matter.id)))
    whole = joinedload(Assignment.receiver), joinedload(Assignment.decision)
    here = (Assignment.matter_id == matter.id) | (Assignment.answered_in_id == matter.id)
    assigned = list(db.session.scalars(select(Assignment).where(here).options(*whole).order_by(Assignment.id)))
    for name, table in (("beslut", _decisions(matter, decisions)), ("uppdrag", _assignments(matter, assigned))):
        if table.rows:
            yield Item(f"{name}.csv", table.title, _today(at), tables.csv(table, at))
            yield Item(f"{name}.json", table.title, _today(at), tables.json(table, at))


def _decisions(matter: Matter, found: Iterable[Decision]) -> Table:
    order = sorted(found, key=lambda one: (one.decided_on, one.id))
    columns = (
        Column("decided_on", "Datum"),
        Column("paragraph", "Paragraf"),
        Column("number", "Diarienummer"),
        Column("text", "Beslut"),
    )
    rows = tuple((one.decided_on, one.paragraph, one.registration_number, one.text) for one in order)
    return Table(f"Beslut i ärendet {matter.title}", columns, rows)


def _assignments(matter: Matter, found: Iterable[Assignment]) -> Table:
    columns = (
        Column("given_on", "Givet"), Column("paragraph", "Paragraf"), Column("receiver", "Till"), Column("text", "Uppdrag"),
        Column("due_on", "Senast"), Column("state", "Läge"), Column("closed_on", "Avslutat"),
    )  # fmt: skip
    state = {"open": "öppet", "reported": "återrapporterat", "closed": "avslutat"}
    rows = tuple(
        (one.decision.decided_on, one.decision.paragraph, one.receiver.name, one.text, one.due_on,
         state.get(one.state, one.state), one.closed_on)
        for one in found
    )  # fmt: skip
    return Table(f"Uppdrag i ärendet {matter.title}", columns, rows)


def _manifest(matter: Matter, items: Iterable[Item], at: datetime) -> dict[str, Any]:
    """What an archive asks of a matter: whose it is, its number and title, its time, and every file with its checksum."""
    return {
        "made_at": at.isoformat(timespec="seconds"), "system": "Styrkedjan",
        "archive_creator": matter.unit.name,
        "matter": {
            "id": matter.public_id, "registration_number": matter.registration_number or "", "title": matter.title,
            "opened_on": matter.opened_on.isoformat(), "state": matter.state, "why": matter.why,
        },
        "files": [item.facts() for item in items],
    }  # fmt: skip


def _read_me(told: dict[str, Any], at: datetime) -> str:
    matter = told["matter"]
    lines = [
        matter["title"], "=" * len(matter["title"]), "", f"Diarienummer: {matter['registration_number'] or 'inget'}",
        f"Arkivbildare: {told['archive_creator']}", f"Öppnat: {matter['opened_on']}", f"Uttaget ur Styrkedjan: {moment(at)}", "",
        matter["why"], "", "Filer, med kontrollsumma (SHA-256):", "",
    ]  # fmt: skip
    for one in told["files"]:
        lines += [one["file"], f"  {one['what']}, {one['date']}. {one['format']}, {one['bytes']} byte", f"  {one['sha256']}", ""]
    return "\r\n".join(lines)
