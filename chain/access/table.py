"""The MAY table: who may do what, to which object, standing where, in which state. What is not said here is not allowed.

Read a line as: these roles · may do this · to such an object · that stands so, seen from the mandate's unit · in these states
(none named: any). Drafts are named by no line above their own node: nobody there may see one, or a trace of one.
"""

from chain.access.words import Action, Relation, Role, Rule

WRITERS = "staff principal deputy area_head officer director"
HEADS = "principal area_head director"
READERS = "principal deputy area_head officer director"  # those whose role reads what was handed up to them
ELECTED = "member secretary auditor"
ALL = "staff first_teacher principal deputy area_head officer director member secretary auditor"
ESCALATED = "unread open granted refused taken_up settled ended"
HANDED_UP = "submitted accepted returned reopened"
CAME = "handed_over opened returned"  # a handover, to the unit that is to receive it; before that it has no trace there
TAKEN = "received answered looked_back"
OFFERED = "offered asked changes agreed published passed refused"  # a good example: not one that was taken back

_LINES = (
    # roles                          actions         object        standing             states
    (f"{ALL} steward",               "read",         "unit",       "own above below",   ""),
    ("steward",                      "keep",         "unit",       "own below",         ""),
    ("steward",                      "read keep",    "person",     "own",               ""),
    (f"{READERS} steward",           "read",         "mandate",    "own below",         ""),
    ("steward",                      "keep",         "mandate",    "own below",         ""),
    (f"{ALL} steward",               "read",         "year",       "own above below",   ""),
    (f"{ALL} steward",               "read",         "round",      "own above below",   ""),
    ("officer director",             "keep",         "year",       "above",             ""),
    ("officer director",             "keep",         "round",      "above",             ""),
    ("steward",                      "keep",         "year",       "below",             ""),
    ("steward",                      "keep",         "round",      "below",             ""),
    (READERS,                        "read",         "node",       "own below",         ""),
    ("staff",                        "read",         "node",       "own",               ""),
    ("staff principal area_head director", "write", "node",       "own",               ""),
    (f"{ALL} steward",               "read",         "published",  "own above below",   ""),
    ("officer director",             "keep",         "similar",    "above",             ""),  # whom to stand beside
    ("steward",                      "keep",         "similar",    "own",               ""),
    ("officer director steward auditor", "read",     "intake",     "own",               ""),
    ("officer director steward",     "keep",         "intake",     "own",               ""),  # the tree only by a steward
    (READERS,                        "read",         "imported",   "own below",         ""),
    ("officer director",             "keep",         "imported",   "below",             ""),  # a proposal: never a draft

    ("principal deputy auditor",     "read",         "plan",       "own",               ""),
    ("area_head officer director auditor", "read",   "plan",       "below",             ""),
    ("principal",                    "write",        "plan",       "own",               ""),

    (WRITERS,                        "read",         "followup",   "own",               ""),
    (WRITERS,                        "write",        "followup",   "own",               "not_started draft"),
    ("staff principal area_head director", "submit", "followup",   "own",               "draft submitted accepted"),
    (WRITERS,                        "read",         "submission", "own",               ""),
    ("auditor",                      "read",         "submission", "own",               HANDED_UP),
    (f"{READERS} auditor",           "read",         "submission", "below",             HANDED_UP),
    (READERS,                        "open",         "submission", "below receiver",    HANDED_UP),
    (HEADS,                          "receive",      "submission", "receiver",          "submitted accepted"),
    ("officer",                      "code",         "submission", "below",             "submitted accepted"),
    ("officer director",             "read keep",    "theme",      "own",               ""),
    ("officer director",             "read keep",    "quote",      "own",               ""),
    ("auditor",                      "read",         "quote",      "own",               "confirmed"),
    (ELECTED,                        "read",         "quote",      "below",             "confirmed"),
    ("officer director auditor",     "read",         "finding",    "own",               ""),
    ("officer director",             "write",        "finding",    "own",               ""),  # who does what: finding_rules.py
    ("principal deputy",             "read",         "offer",      "own",               ""),
    ("principal",                    "submit",       "offer",      "own",               "withdrawn"),  # offer it, again or anew
    ("principal",                    "answer",       "offer",      "own",               "offered asked changes agreed published"),
    ("officer director",             "read keep",    "offer",      "receiver",          OFFERED),
    (ALL,                            "read",         "example",    "above",             "published"),
    ("principal deputy",             "read write",   "trial",      "own",               ""),
    ("principal deputy",             "read",         "trial",      "receiver",          ""),
    ("officer director",             "read",         "trial",      "below",             ""),
    (WRITERS,                        "read write",   "citation",   "own",               ""),
    ("auditor",                      "read",         "citation",   "own",               "handed_up lifted_out"),
    (f"{READERS} {ELECTED}",         "read",         "citation",   "below",             "handed_up lifted_out"),

    (f"{ALL} steward",               "read",         "goal",       "own above",         "decided ended"),
    (f"{READERS} {ELECTED}",         "read",         "goal",       "below",             "decided ended"),
    (WRITERS,                        "read write",   "goal",       "own",               "draft"),
    ("officer director secretary",   "read write",   "goal",       "above",             "draft"),  # for those who decide there
    ("secretary steward",            "read write",   "goal",       "own",               "draft"),
    ("staff principal area_head director", "submit", "goal",       "own",               "draft"),
    ("staff principal area_head director", "keep",   "goal",       "own",               "decided"),
    ("secretary",                    "submit",       "goal",       "own above",         "draft"),
    ("secretary",                    "keep",         "goal",       "own above",         "decided"),
    ("officer director steward",     "prepare",      "goal",       "own above",         "decided"),  # national ones
    (WRITERS,                        "answer",       "goal",       "own",               ""),  # say how far it is reached
    ("officer director",             "answer",       "goal",       "above",             ""),
    (f"{ALL} steward",               "read",         "governing",  "own above",         "adopted withdrawn"),
    (f"{READERS} {ELECTED}",         "read",         "governing",  "below",             "adopted withdrawn"),
    ("principal deputy area_head officer director", "read write", "governing", "own",   "draft adopted"),
    ("principal area_head director", "submit",       "governing",  "own",               "draft adopted"),
    ("principal area_head director", "keep",         "governing",  "own",               "adopted"),
    ("officer director",             "read write",   "governing",  "above",             "draft adopted"),  # for the committee
    ("secretary",                    "read write submit", "governing", "own above",     "draft adopted"),
    ("secretary",                    "keep",         "governing",  "own above",         "adopted"),
    ("principal deputy area_head officer director secretary auditor", "read", "consultation", "own", ""),
    (f"{READERS} auditor",           "read",         "consultation", "receiver",        ""),
    ("officer director",             "read",         "consultation", "above",           ""),
    (HEADS,                          "answer",       "consultation", "receiver",        "asked"),
    (f"{WRITERS} auditor",           "read",         "workplan",   "own",               "decided revised replaced"),
    ("staff first_teacher",          "read",         "workplan",   "above",             "decided revised replaced"),
    (f"{READERS} auditor",           "read",         "workplan",   "below",             "decided revised replaced"),
    ("principal deputy area_head officer director", "read write", "workplan", "own",    "draft"),
    ("principal area_head director", "submit",       "workplan",   "own",               "draft"),
    ("principal deputy area_head officer director", "prepare", "workplan", "own",       "decided revised"),  # the next edition
    ("area_head officer director",   "answer",       "workplan",   "below",             "decided revised"),  # comment
    (f"{WRITERS} first_teacher",     "read",         "workshop",   "own above",         ""),
    ("area_head officer director",   "keep",         "workshop",   "own",               ""),

    ("staff",                        "read",         "measure",    "own above",         "open ended changed"),
    (f"{READERS} auditor",           "read",         "measure",    "own below",         "open ended changed"),
    (WRITERS,                        "write",        "measure",    "own",               "open ended changed"),  # its wheel
    (f"{WRITERS} first_teacher",     "read write",   "measure",    "charged",           "open ended changed"),
    (f"{WRITERS} auditor",           "read",         "support",    "own",               "sent"),  # opened by nobody above
    (f"{WRITERS} auditor",           "read",         "support",    "own",               "open granted refused taken_up ended"),
    (f"{READERS} {ELECTED}",         "read",         "support",    "receiver",          "open granted refused taken_up ended"),
    (f"{HEADS} secretary",           "answer",       "support",    "receiver",          "open"),
    ("area_head officer director",   "read",         "support",    "helper",            "open granted refused taken_up ended"),
    ("area_head officer director",   "prepare",      "support",    "helper",            "open"),  # suggests; the head answers
    (f"{WRITERS} auditor",           "read",         "escalation", "own",               ESCALATED + " sent"),
    (f"{READERS} {ELECTED}",         "read",         "escalation", "receiver",          ESCALATED),
    (f"{HEADS} secretary",           "answer",       "escalation", "receiver",          "open"),
    (HEADS,                          "write",        "escalation", "own",               "open"),  # tells whoever cannot read it
    ("principal deputy auditor",     "read",         "directed",   "own",               ""),
    ("area_head officer director auditor", "read",   "directed",   "receiver below",    ""),
    ("principal",                    "give",         "directed",   "own",               ""),  # asks for it
    ("area_head director",           "give",         "directed",   "below",             ""),  # offers it
    ("principal",                    "write",        "directed",   "own",               "requested offered decided"),
    ("area_head director",           "answer",       "directed",   "receiver", "requested offered wanted turned_down decided"),
    ("area_head officer director",   "prepare",      "directed",   "helper",            "decided"),  # tells what it gave
    (READERS,                        "read",         "routing",    "own above below",   ""),
    ("director",                     "keep",         "routing",    "own below",         ""),

    ("principal deputy",             "read",         "handover",   "own",               ""),  # its text: no level above
    ("first_teacher auditor",        "read",         "handover",   "own",               "handed_over returned"),
    ("staff",                        "read",         "handover",   "above",             "handed_over returned"),
    ("principal deputy",             "write",        "handover",   "own",               "draft returned"),
    ("principal",                    "submit",       "handover",   "own",               "draft handed_over returned"),
    ("principal deputy",             "answer",       "handover",   "own",               "handed_over returned"),
    ("principal deputy first_teacher auditor", "read", "reception", "own",              f"{CAME} {TAKEN}"),
    ("staff",                        "read",         "reception",  "above",             TAKEN),
    ("principal deputy",             "open receive answer", "reception", "own",         f"{CAME} {TAKEN}"),

    (READERS,                        "read",         "rollup",     "own below",         ""),
    ("officer director auditor",     "read",         "release",    "own",               ""),
    (ELECTED,                        "read",         "release",    "below",             "approved"),  # replaced: no figures
    ("officer director",             "prepare",      "release",    "own",               ""),
    ("director",                     "approve",      "release",    "own",               "prepared"),  # of what another prepared
    ("officer director",             "read",         "profile",    "own",               ""),  # thresholds of protection
    ("director",                     "keep",         "profile",    "own",               ""),
    (ALL,                            "read",         "report",     "own above",         ""),
    ("officer director",             "prepare",      "report",     "above",             ""),
    ("secretary",                    "record",       "report",     "own",               "published"),
    ("officer director",             "read prepare", "document",   "own",               ""),
    ("officer director",             "write",        "document",   "own",               "draft"),
    ("director",                     "approve",      "document",   "own",               "waiting"),  # of what another sent
    ("auditor",                      "read",         "document",   "own",               "approved handed_over"),
    (ELECTED,                        "read",         "document",   "below",             "handed_over"),
    (ALL,                            "read",         "document",   "above",             "handed_over"),
    ("officer director",             "keep",         "document_template", "above",      ""),
    ("steward",                      "keep",         "document_template", "below",      ""),
    (ALL,                            "read",         "decision",   "own above",         ""),
    ("secretary",                    "record",       "decision",   "own",               ""),
    ("officer director auditor",     "read",         "matter",     "above",             ""),
    (ELECTED,                        "read",         "matter",     "own",               ""),
    ("officer director",             "write",        "matter",     "above",             ""),  # who does what: matter/rules.py
    ("secretary",                    "write keep",   "matter",     "own",               ""),
    ("officer director auditor",     "read",         "meeting",    "above",             ""),
    (ELECTED,                        "read",         "meeting",    "own",               ""),
    ("secretary",                    "keep",         "meeting",    "own",               ""),
    ("officer director auditor",     "read",         "assignment", "above",             ""),
    (ELECTED,                        "read",         "assignment", "own",               ""),
    ("officer director",             "answer",       "assignment", "receiver",          ""),
    ("secretary",                    "keep",         "assignment", "own",               ""),

    ("principal deputy",             "read write",   "dialogue",   "own",               ""),
    ("principal deputy",             "prepare",      "dialogue",   "own",               "planned prepared"),  # own words: a draft
    ("principal",                    "submit",       "dialogue",   "own",               "planned prepared"),
    ("area_head director",           "read",         "dialogue",   "below",             ""),
    ("area_head director",           "write",        "dialogue",   "present receiver",  ""),
    ("area_head director",           "keep",         "dialogue",   "receiver",          ""),
    ("officer",                      "read write keep", "dialogue", "present",          ""),  # who takes part, and nobody else
    ("officer director",             "keep",         "agenda",     "own",               ""),

    (ELECTED,                        "read",         "publication", "own",              ""),
    ("officer director",             "read",         "publication", "above",            ""),
    ("secretary",                    "record",       "publication", "own",              ""),  # make public, withdraw
    ("steward",                      "read keep",    "remark",     "own",               ""),

    (ALL,                            "read",         "feedback",   "own",               ""),
    ("principal area_head officer director member secretary", "give", "feedback", "own", ""),
    ("principal area_head officer director member secretary", "keep", "feedback", "own", ""),
    (ALL,                            "read",         "delivery",   "own",               ""),
    (WRITERS,                        "answer",       "delivery",   "own",               "delivered read passed_on answered both"),

    ("steward",                      "read keep",    "token",      "own",               ""),
    ("steward",                      "read",         "outbox",     "own",               ""),
    ("steward",                      "read",         "audit",      "own",               ""),
    ("steward",                      "keep",         "source",     "own",               ""),
    ("director steward",             "read",         "taken",      "own below",         ""),  # what was taken from the register
)  # fmt: skip

MAY: tuple[Rule, ...] = tuple(
    Rule(
        frozenset(Role(role) for role in roles.split()),
        Action(action),
        kind,
        frozenset(Relation(word) for word in standing.split()),
        frozenset(states.split()),
    )
    for roles, actions, kind, standing, states in _LINES
    for action in actions.split()
)
