"""The commands: translation only, the work is done by the links' actions and queries."""

from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from chain.account import actions as account
from chain.base import audit, clock, config
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake import published, published_actions, ss12000_actions, ss12000_queries, telling
from chain.intake import queries as intake_queries
from chain.measure import actions as measure
from chain.rollup import actions as rollup_actions
from chain.rollup import queries as rollup_queries
from chain.rollup import verify

LONGEST_SYNC = 30 * 60.0  # seconds; in the browser it is less than a minute


class Commands(AppGroup):
    """Commands that say in a sentence when the database has no tables, or not all."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (OperationalError, ProgrammingError) as error:
            if any(words in str(error.orig) for words in ("no such table", "no such column", "does not exist")):
                raise click.ClickException("Databasen är inte uppdaterad. Kör först: flask --app app db upgrade") from error
            raise


demo = Commands("demo", help="The demonstration: an invented municipality.")
steward = Commands("steward", help="The first person of a municipality.")
auditing = Commands("audit", help="The audit.")
rollup = Commands("rollup", help="Stored figures.")
intake = Commands("intake", help="Published statistics, and what other systems know.")
measuring = Commands("measure", help="What has been decided to be done.")


def connect(app: Flask) -> None:
    """The command groups."""
    for group in (demo, steward, auditing, rollup, intake, measuring):
        app.cli.add_command(group)
    if click.get_current_context(silent=True):
        migrations(app)


def migrations(app: Flask) -> None:
    """`flask db`. For a command only: a server never migrates, and Alembic takes as long to import as half the chain."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(config.MIGRATIONS), render_as_batch=True)


@intake.command("skolverket")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--municipality", required=True, help="Four digits, such as 0182.")
def intake_skolverket(path: Path, municipality: str) -> None:
    """Bring in published figures about a municipality from whatever lies under PATH. Nothing is changed if a file is broken."""
    reading = published.read(path, municipality, beside=intake_queries.beside(municipality))
    try:
        published_actions.refuse_fatal(reading)
        found = intake_queries.plan(reading)
        if found.anything:
            found = published_actions.bring_in(reading, by=None)
    except RuleBroken as broken:
        refuse(broken)
    for line in telling.lines(reading, found):
        click.echo(line)


@intake.command("ss12000")
@click.option("--whole", is_flag=True, help="Ask for everything, also what has not changed since last time.")
def intake_ss12000(whole: bool) -> None:
    """Ask the configured source who and what there is, and say what would change. A steward chooses, at /intake/ss12000."""
    try:
        municipality = ss12000_queries.configured()
        ss12000_actions.fetch(municipality, by=None, seconds=LONGEST_SYNC, whole=whole)
    except RuleBroken as broken:
        refuse(broken)
    for line in ss12000_queries.lines(municipality):
        click.echo(line)


@intake.command("tidy")
def intake_tidy() -> None:
    """Throw away what nobody confirmed in a week, files and what came from a register, and the lines of receipts after a year."""
    files, came, lines = ss12000_actions.tidy(by=None)
    click.echo(f"{files} files, {came} fetched, {lines} lines")


@measuring.command("remind")
def measure_remind() -> None:
    """Letters to those who are responsible for measures: before the round in which one is due, and when it has passed."""
    click.echo(f"{measure.remind(by=None)} letters")


def refuse(broken: RuleBroken) -> NoReturn:
    """Say what is wrong, a sentence a line, and leave with a failure."""
    for sentence in [*broken.problems.values(), broken.sentence]:
        click.echo(sentence, err=True)
    raise SystemExit(1)


@steward.command("create")
@click.option("--municipality", required=True, help="Its name, such as Sjövik.")
@click.option("--name", required=True, help="The steward's name.")
@click.option("--email", required=True, help="The steward's e-mail address, to sign in with.")
def create_steward(municipality: str, name: str, email: str) -> None:
    """Make a municipality's first person, and print the code with which a password is chosen within a day."""
    try:
        code = account.found_municipality(municipality=municipality, name=name, email=email, by=None)
    except RuleBroken as no:
        raise click.ClickException(no.sentence) from no
    click.echo(f"One-time code for /account/welcome, valid for 24 hours: {code}")


@auditing.command("verify")
def verify_audit() -> None:
    """Read the whole audit; exit 1 if a line has been altered, taken away or cut off."""
    found = audit.problems()
    for sentence in found:
        click.echo(sentence)
    number, last = audit.head()
    click.echo(f"{number} lines, head {last}")
    if found:
        raise SystemExit(1)


@rollup.command("verify")
def verify_rollup() -> None:
    """Recompute every stored figure from what has been accepted; exit 1 if anything differs."""
    found = verify.problems()
    for sentence in found:
        click.echo(sentence)
    click.echo(f"{len(found)} differences")
    if found:
        raise SystemExit(1)


@rollup.command("rebuild")
def rebuild_rollup() -> None:
    """Make every stored figure anew from what has been accepted."""
    for round in rollup_queries.opened():
        rollup_actions.rebuild(round, by=None)
        click.echo(f"{round.path} {round.year.label}:{round.number}")


@demo.command("fill")
def fill_demo() -> None:
    """Fill an empty database with the demonstration; print who can sign in. A database with anything of its own is left alone."""
    from chain.demo import doors, story  # a server never tells it

    if current_app.config["PRODUCTION"]:
        raise click.ClickException("Demonstrationen fyller aldrig en databas i drift (STYRKEDJAN_ENV=production).")
    if story.empty():
        story.fill(clock.today())
    elif not doors.marked():
        raise click.ClickException("Databasen har redan ett eget innehåll och lämnas orörd. Ange en annan med DATABASE_URL.")
    elif not doors.whole():
        raise click.ClickException("Demonstrationen blev avbruten när den fylldes. Ta bort databasen och börja om.")
    for door in doors.open_all():
        click.echo(door.line)
