"""Documents for the town: one in each state, and what of them anybody may read."""

from typing import Any

import pytest
from sqlalchemy import select

from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.cycle.models import Round
from chain.document import actions as documents
from chain.document import queries as reports
from chain.document.models import Document
from chain.publication import actions as publication
from tests.document import desk as papers
from tests.makers import Cast


def build(cast: Cast, town: Any, november: Round) -> None:
    """One in each state about last November, and a form of the committee's own. A draft is its writers' alone."""
    writers = ("diana", "olle", "olga")
    for state in ("draft", "waiting", "approved", "handed"):
        document = papers.written(cast, round=november)
        if state == "draft":
            papers.write(document, "economy", town.canary("document", *writers), cast.olle)
            said = documents.remark(document, town.canary("remark", *writers), by=cast.diana)
            town.name("document remark", document, comment=said.public_id)
            with pytest.raises(Conflict) as mine:
                papers.write(document, "economy", "En annan text.", cast.olga, version=0)
            town.name("document save", document, key="economy", **{"?save": mine.value.mine, "=save": mine.value.mine})
        else:
            papers.go(cast, document, state)
        town.name(f"document {state}", papers.fresh(document), key="summary")
    town.name("form of bun", cast.unit["bun"], key="statement_account")
    town.name("document_template", reports.template(cast.unit["bun"], "statement_brief"), key="proposal", **{"=up": "summary"})


def for_all(cast: Cast, town: Any) -> None:
    """What the committee was handed is public; it was once before, and was withdrawn."""
    handed = db.session.scalars(select(Document).where(Document.state == "handed_over")).one()
    gone = town.name("publication document withdrawn", publication.publish_document(handed, read_through=True, by=cast.sixten))
    publication.withdraw(gone, reason="Ett citat pekade ut en elev.", by=cast.sixten)
    town.name("publication document", publication.publish_document(handed, read_through=True, by=cast.sixten))
