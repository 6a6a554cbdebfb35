"""Takes documents to the committee: begun in a form, sent to the director, approved by another, handed over, replaced."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select

from chain.access import guard
from chain.access.policy import Action, Role
from chain.base import audit, clock, events, outbox
from chain.base.db import atomic, db, random_name
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round
from chain.document import frozen, pulling, queries, rules, template_actions, word
from chain.document import section_actions as sections
from chain.document.models import Document, DocumentComment, DocumentFile, DocumentSection, DocumentVersion
from chain.document.rules import Facts
from chain.followup.queries import receivers
from chain.matter.matter_queries import Paper
from chain.matter.models import Matter
from chain.organisation.models import Mandate, Unit
from chain.release import queries as release
from chain.release.models import Release
from chain.report import press, sheet

# What matters ask


@events.listen("release_looked_for", "document")
def release_looked_for(*, mandate: Mandate, release: Release, found: list[object], **_more: object) -> None:
    """What was handed to the committee keeps readable what it is built on, as its page does."""
    found += [] if found else queries.built_on(mandate, release)


@events.listen("matter_written", "document")
def matter_written(*, matter: Matter, **_more: object) -> None:
    """A matter is not ready for the committee while a document in it is still on its way."""
    if waiting := queries.on_their_way(matter):
        told = _("Det finns dokument i ärendet som inte är överlämnade till nämnden: %(titles)s.", titles=", ".join(waiting))
        raise RuleBroken(told)


@events.listen("papers_looked_for", "document")
def papers_looked_for(*, matters: Sequence[Matter], found: dict[int, list[Paper]], **_more: object) -> None:
    """What has been handed over in some matters. Drafts are nobody's but their writers'."""
    for one in queries.handed_over(matters):
        place = (("public_id", one.public_id),)
        found[one.matter_id or 0].append(Paper(f"{one.title}, {one.dated_on.isoformat()}", "document.show", place))


# To begin


@atomic
def begin(
    committee: Unit, form: str, *, title: str, number: str, by: Mandate, round: Round | None = None, matter: Matter | None = None
) -> Document:
    """Begin a document in a form, every section filled with what the system has for it."""
    made = Document(
        public_id=random_name(), unit_id=by.unit_id, path=by.path, committee_id=committee.id, form=form, state="draft",
        round_id=round.id if round else None, matter_id=matter.id if matter else None, title=_title(title),
        registration_number=_number(number), dated_on=clock.today(), begun_at=clock.now(), begun_by_id=by.person_id, edition=1,
    )  # fmt: skip
    guard.require(Action.PREPARE, made, by)
    _belongs(committee, round, matter)
    template = queries.template(committee, form) or template_actions.adopt(committee, form, by=by)
    if template.hidden:
        raise RuleBroken(_("Den mallen används inte längre. Välj en annan."))
    made.kind = template.kind
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        DocumentSection(
            document_id=made.id, key=one.key, part=one.part, position=place, level=one.level, title=one.title,
            required=one.required, help=one.help, content={**rules.EMPTY, "text": one.standing}, pulled={}, saved_at=None,
        )
        for place, one in enumerate((one for one in template.headings if not one.hidden), 1)
    )  # fmt: skip
    db.session.flush()
    _fill(made)
    audit.note("document.begin", about=made, form=form)
    return made


def _belongs(committee: Unit, round: Round | None, matter: Matter | None) -> None:
    if (round and round.path != committee.path) or (matter and matter.path != committee.path):
        raise RuleBroken(_("Uppföljningen och ärendet ska vara samma nämnds."))


def _title(title: str) -> str:
    plain = " ".join(title.split())
    if not plain or len(plain) > rules.LONGEST_TITLE:
        told = _("Skriv en rubrik på högst %(n)s tecken.", n=rules.LONGEST_TITLE)
        raise RuleBroken(told, {"title": told})
    return plain


def _number(number: str) -> str:
    plain = " ".join(number.split())
    if len(plain) > 60:
        told = _("Skriv högst %(n)s tecken.", n=60)
        raise RuleBroken(told, {"registration_number": told})
    return plain


def _fill(document: Document) -> None:
    """What the system has goes where nobody has written anything."""
    here = pulling.stock(document)
    document.release_id = here.release.id if here.release else None
    for one in document.sections:
        found = pulling.of(one, here)
        if not found:
            continue
        one.pulled = sections.pulled(one, found)
        if rules.is_empty(one.content):
            one.content = sections.taken(found)
    db.session.flush()
    for one in document.sections:
        if not rules.is_empty(one.content):
            db.session.add(queries.saves.made(one, one.version, {"content": one.content}, random_name(), None))


@atomic
def describe(
    document: Document, *, title: str, number: str, dated_on: date, round: Round | None, matter: Matter | None, version: int,
    by: Mandate,
) -> Document:  # fmt: skip
    """Change what stands at the top. With another follow-up its figures are another release's: pull them anew.

    About the same follow-up it stays at the release that its figures and sentences were pulled from, until they are pulled again.
    """
    sections.hold(document)
    guard.require(Action.WRITE, document, by)
    if document.version != version:
        raise RuleBroken(_("Någon annan har ändrat uppgifterna sedan du öppnade sidan. Jämför och spara igen."))
    _belongs(document.committee, round, matter)
    document.title, document.registration_number, document.dated_on = _title(title), _number(number), dated_on
    document.matter_id = matter.id if matter else None
    if document.round_id != (round.id if round else None):
        released = release.approved(round) if round else None
        document.round_id, document.release_id = round.id if round else None, released.id if released else None
    audit.note("document.describe", about=document)
    return document


# To remark


@atomic
def remark(document: Document, text: str, *, by: Mandate, section: str = "") -> DocumentComment:
    """Say something about a section, or the whole, to those who write and approve."""
    guard.require(Action.PREPARE, document, by)
    words = text.strip()
    if not words or len(words) > rules.LONGEST_REMARK:
        told = _("Skriv en kommentar på högst %(n)s tecken.", n=rules.LONGEST_REMARK)
        raise RuleBroken(told, {"text": told})
    if document.state == "handed_over":
        raise RuleBroken(_("Dokumentet är överlämnat och kommenteras inte längre här."))
    if section and queries.section(document, section) is None:
        raise NotFound
    said = DocumentComment(
        public_id=random_name(),
        document_id=document.id,
        section=section,
        text=words,
        said_at=clock.now(),
        said_by_id=by.person_id,
    )
    db.session.add(said)
    db.session.flush()
    audit.note("document.remark", about=document)
    return said


@atomic
def resolve(document: Document, public_id: str, *, by: Mandate) -> DocumentComment:
    """Say that a remark has been dealt with, or has not after all."""
    guard.require(Action.PREPARE, document, by)
    mine = (DocumentComment.document_id == document.id, DocumentComment.public_id == public_id)
    found = db.session.scalars(select(DocumentComment).where(*mine)).first()
    if found is None:
        raise NotFound
    done = found.resolved_at is None
    found.resolved_at, found.resolved_by_id = (clock.now(), by.person_id) if done else (None, None)
    audit.note("document.resolve", about=document)
    return found


# To send, approve and hand over


@atomic
def send(document: Document, *, version: int, by: Mandate) -> Document:
    """To the director, when nothing is missing. It is written in no more until it comes back."""
    sections.hold(document)
    guard.require(Action.PREPARE, document, by)
    as_read(document, version)
    facts = Facts(missing=tuple(frozen.missing(document)))
    document.state = rules.move("send", document.state, facts, role=str(by.role))
    document.sent_at, document.sent_by_id, document.reason = clock.now(), by.person_id, ""
    _tell("document.sent", document, (Role.DIRECTOR,), but=by)
    audit.note("document.send", about=document)
    return document


@atomic
def take_back(document: Document, *, by: Mandate) -> Document:
    """By whoever sent it, to write on."""
    sections.hold(document)
    guard.require(Action.PREPARE, document, by)
    facts = Facts(sender_id=document.sent_by_id, person_id=by.person_id)
    document.state = rules.move("take_back", document.state, facts, role=str(by.role))
    audit.note("document.take_back", about=document)
    return document


@atomic
def send_back(document: Document, reason: str, *, by: Mandate) -> Document:
    """By the director, with what is to be changed."""
    sections.hold(document)
    guard.require(Action.APPROVE, document, by)
    document.state = rules.move("send_back", document.state, Facts(reason=reason), role=str(by.role))
    document.reason = reason.strip()[: rules.LONGEST_REMARK]
    _tell("document.sent_back", document, (Role.OFFICER, Role.DIRECTOR), but=by)
    audit.note("document.send_back", about=document)
    return document


@atomic
def approve(document: Document, *, version: int, by: Mandate) -> Document:
    """By another than who sent it: all that it says is frozen, hashed and set as files. From now on it is never changed."""
    sections.hold(document)
    guard.require(Action.APPROVE, document, by)
    as_read(document, version)
    facts = Facts(sender_id=document.sent_by_id, person_id=by.person_id, missing=tuple(frozen.missing(document)))
    document.state = rules.move("approve", document.state, facts, role=str(by.role))
    document.approved_at, document.approved_by_id = clock.now(), by.person_id
    document.frozen = frozen.now(document)
    document.sha256 = sheet.sha256(document.frozen)
    paper = frozen.sheet(document.frozen)
    for form, body in (("pdf", press.pdf(paper)), ("docx", word.docx(paper))):
        db.session.add(DocumentFile(document_id=document.id, form=form, body=body, sha256=sheet.sha256_of(body)))
    _tell("document.approved", document, (Role.OFFICER, Role.DIRECTOR), but=by)
    audit.note("document.approve", about=document, sha256=document.sha256)
    return document


@atomic
def hand_over(document: Document, *, by: Mandate) -> Document:
    """To the committee. What was only for those who wrote it, earlier texts and remarks, is weeded; who wrote what stays said."""
    sections.hold(document)
    guard.require(Action.PREPARE, document, by)
    document.state = rules.move("hand_over", document.state, Facts(), role=str(by.role))
    document.handed_at, document.handed_by_id = clock.now(), by.person_id
    mine = select(DocumentSection.id).where(DocumentSection.document_id == document.id)
    db.session.execute(delete(DocumentVersion).where(DocumentVersion.section_id.in_(mine)))
    db.session.execute(delete(DocumentComment).where(DocumentComment.document_id == document.id))
    to = receivers(document.committee_id, (Role.MEMBER, Role.SECRETARY))
    outbox.post("document.handed_over", f"/document/{document.public_id}", to)
    audit.note("document.hand_over", about=document, sha256=document.sha256)
    return document


@atomic
def replace(document: Document, *, by: Mandate) -> Document:
    """Begin the next edition of an approved document, with the same words. It takes the other's place when it is handed over."""
    sections.hold(document)
    guard.require(Action.PREPARE, document, by)
    if document.state not in rules.READABLE:
        raise RuleBroken(_("Ett dokument som inte är godkänt skrivs om som det är."))
    if queries.successor(document):
        raise RuleBroken(_("Det finns redan en nyare version. Skriv i den i stället."))
    made = Document(
        public_id=random_name(), state="draft", edition=document.edition + 1, replaces_id=document.id, begun_at=clock.now(),
        begun_by_id=by.person_id, dated_on=clock.today(), **{name: getattr(document, name) for name in _CARRIED},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        DocumentSection(document_id=made.id, saved_at=None, **{name: getattr(one, name) for name in _SECTION})
        for one in document.sections
    )
    db.session.flush()
    audit.note("document.replace", about=document, by_document=made.public_id)
    return made


_CARRIED = (
    "unit_id", "path", "committee_id", "matter_id", "round_id", "release_id", "kind", "form", "title", "registration_number",
)  # fmt: skip
_SECTION = ("key", "part", "position", "level", "title", "required", "help", "content", "pulled")


def as_read(document: Document, version: int) -> None:
    """What is sent or approved is what was read: every save and every change has a number of its own."""
    if frozen.revision(document) != version:
        raise RuleBroken(_("Dokumentet har ändrats sedan du öppnade sidan. Läs det igen."))


def _tell(kind: str, document: Document, roles: tuple[Role, ...], *, but: Mandate) -> None:
    to = [one for one in receivers(document.unit_id, roles) if one != but.person.public_id]
    outbox.post(kind, f"/document/{document.public_id}", to)
