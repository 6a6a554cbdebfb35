"""A table of moves as it is read, found and drawn."""

from chain.base import moves

TABLE = moves.table(
    # from          to      act          who                where     requires
    ("draft",       "",     "write",     "writer",          "",       ""),
    ("draft",       "sent", "send",      "writer director", "someone", "complete other_person"),
    ("draft sent",  "gone", "discard",   "writer",          "",       ""),
    ("sent",        "done", "",          "",                "",       ""),
)  # fmt: skip


def test_a_line_from_two_states_is_two_moves_and_none_that_leads_nowhere_stays() -> None:
    assert [(one.before, one.state) for one in TABLE] == [
        ("draft", "draft"), ("draft", "sent"), ("draft", "gone"), ("sent", "gone"), ("sent", "done"),
    ]  # fmt: skip


def test_the_case_is_left_out_where_a_table_has_none() -> None:
    (short,) = moves.table(("a", "b", "go", "writer", "reason words"))
    assert (short.where, short.requires, TABLE[1].where) == ("", ("reason", "words"), "someone")


def test_a_move_is_found_by_what_is_done_and_where_it_stands() -> None:
    assert moves.find(TABLE, "discard", "sent") == TABLE[3]
    assert moves.find(TABLE, "send", "sent") is None


def test_it_is_drawn_in_words() -> None:
    drawn = moves.diagram((one for one in TABLE if one.after), "draft", {"discard": "for good"})
    assert drawn.splitlines() == [
        "stateDiagram-v2",
        "    [*] --> draft",
        "    draft --> sent : send by writer or director where someone (complete, other person)",
        "    draft --> [*] : discard for good by writer",
        "    sent --> [*] : discard for good by writer",
        "    sent --> done : at once",
    ]
