"""The words of the access table: roles, actions, and where an object stands seen from a mandate."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    STAFF = "staff"
    FIRST_TEACHER = "first_teacher"
    PRINCIPAL = "principal"
    DEPUTY = "deputy"
    AREA_HEAD = "area_head"
    OFFICER = "officer"
    DIRECTOR = "director"
    MEMBER = "member"
    SECRETARY = "secretary"
    PROVIDER = "provider"
    AUDITOR = "auditor"
    STEWARD = "steward"


class Action(StrEnum):
    READ = "read"  # see it
    WRITE = "write"  # change one's own draft, work on a matter
    SUBMIT = "submit"  # hand up, or take back what was handed up
    CODE = "code"  # mark what was handed up with themes
    OPEN = "open"  # begin to read what was handed up: its authors are told, and can no longer take it back
    RECEIVE = "receive"  # accept, return, reopen what was handed up
    ANSWER = "answer"  # answer a request or a delivery
    GIVE = "give"  # send feedback or a question down
    PREPARE = "prepare"  # make a release or a report ready
    APPROVE = "approve"  # approve what another prepared
    RECORD = "record"  # register receipt and decisions
    KEEP = "keep"  # keep the tree, its people and its years; matters and meetings


class Relation(StrEnum):
    """Where the object stands, seen from the mandate's unit."""

    OWN = "own"  # the same unit
    BELOW = "below"  # under it, no higher than the object's ceiling allows
    ABOVE = "above"  # between it and the root
    BESIDE = "beside"  # the same parent
    RECEIVER = "receiver"  # handed to the mandate's unit, which is the one to answer
    PERSON = "person"  # about or by the person self
    CHARGED = "charged"  # the person self is responsible for it, and holds a mandate where it stands or below
    HELPER = "helper"  # given to the person to help with, under a mandate at this unit
    PRESENT = "present"  # under it, and the person takes part


@dataclass(frozen=True)
class Rule:
    """A line of the table: these roles may do this to such an object, standing thus, in these states (none named: any)."""

    roles: frozenset[Role]
    action: Action
    kind: str
    relations: frozenset[Relation]
    states: frozenset[str]
