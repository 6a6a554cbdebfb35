"""The commands: translation only, the work is done by the links' actions and queries."""

from flask import Flask
from flask.cli import AppGroup

demo = AppGroup("demo", help="The demonstration: an invented municipality.")
steward = AppGroup("steward", help="The first person of a municipality.")
rollup = AppGroup("rollup", help="Stored figures.")
intake = AppGroup("intake", help="Published statistics.")


def connect(app: Flask) -> None:
    """The command groups."""
    for group in (demo, steward, rollup, intake):
        app.cli.add_command(group)
