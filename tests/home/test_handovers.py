"""What handovers ask of a unit on its first page: to write in spring, to receive, to answer, to look back in autumn."""

from datetime import date

from flask import Flask
from sqlalchemy import update

from chain.base.db import db
from chain.handover import reception_actions as receiving
from chain.handover.models import Handover
from tests.handover import world
from tests.home.reading import home
from tests.makers import Cast

MAY = date(2027, 5, 12)


def test_in_spring_a_unit_with_groups_that_go_on_is_asked_to_write(app: Flask, cast: Cast) -> None:
    assert not [title for title in home(app, "pia").titles if "överlämning" in title]
    asked = "Skriv en överlämning: Årskurs 6 till årskurs 7"
    assert asked in home(app, "pia", MAY).titles and asked in home(app, "bo", MAY).titles
    assert "Skriv en överlämning: Förskola till förskoleklass" in home(app, "per", MAY).titles
    for who in ("lena", "arne", "diana"):
        assert "överlämning" not in " ".join(home(app, who, MAY).titles)
    world.begun(cast, year_group="6", cohort="Klass 6")
    titles = home(app, "pia", MAY).titles
    assert asked not in titles and "Gör klart överlämningen av Klass 6" in titles


def test_it_goes_from_home_to_home(app: Flask, cast: Cast) -> None:
    made = world.written(cast)
    assert not [title for title in home(app, "petra").titles if "överlämning" in title]
    world.give(made, cast.pia)
    assert "Läs överlämningen från Alskolan" in home(app, "petra").titles
    receiving.open_(world.came(made), by=cast.petra)
    assert "Ta emot överlämningen från Alskolan" in home(app, "petra").titles
    receiving.receive(world.came(made), by=cast.petra)
    assert "Berätta för Alskolan hur ni tar vid" in home(app, "petra").titles
    receiving.answer(world.came(made), "Vi fortsätter med halvgrupper.", "Hur delade ni in dem?", by=cast.petra)
    assert "Ekskolan har frågor om överlämningen av Klass 4A" in home(app, "pia").titles
    receiving.reply(world.came(made), "Efter behov och intresse.", by=cast.pia)
    assert not [title for who in ("pia", "petra") for title in home(app, who).titles if "överlämning" in title]
    day = world.next_autumn(cast).opens_on
    assert "Se tillbaka på överlämningen från Alskolan" in home(app, "petra", day).titles
    receiving.look_back(world.came(made), "Vi hade velat veta mer om läsningen.", by=cast.petra)
    assert "Se tillbaka på överlämningen från Alskolan" not in home(app, "petra", day).titles


def test_what_came_back_is_on_the_givers_page(app: Flask, cast: Cast) -> None:
    made = world.opened(cast)
    receiving.send_back(world.came(made), "Hur har ni arbetat med läsning?", by=cast.petra)
    row = home(app, "pia").rows["Ekskolan har skickat tillbaka överlämningen av Klass 4A"]
    assert "Hur har ni arbetat med läsning?" in row
    assert not [title for title in home(app, "petra").titles if "överlämning" in title]


def test_the_first_page_asks_as_often_however_many_handovers_there_are(app: Flask, cast: Cast) -> None:
    world.answered(cast)
    world.give(world.written(cast), cast.pia)
    few = {who: home(app, who, MAY).statements for who in ("pia", "petra")}
    for _time in range(3):
        world.give(world.written(cast), cast.pia)
        world.begun(cast)
    assert {who: home(app, who, MAY).statements for who in ("pia", "petra")} == few
    assert "4 överlämningar att läsa och ta emot" in home(app, "petra", MAY).titles
    db.session.execute(update(Handover).values(year="2020/21"))
    db.session.commit()
    assert "4 överlämningar att läsa och ta emot" in home(app, "petra", MAY).titles
