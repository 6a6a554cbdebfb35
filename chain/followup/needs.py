"""What a need of support is about: the kinds that a request is sorted by, so that somebody who knows the field can be asked."""

from collections.abc import Mapping
from typing import Any

from chain.base.locale import _

KINDS = ("law", "economy", "development", "staffing", "other")
OTHER = "other"  # also what was asked for before requests were sorted, and what nobody has sorted


def kind(item: Mapping[str, Any]) -> str:
    """What a row of a section of requests is about."""
    said = str(item.get("type") or "")
    return said if said in KINDS else OTHER


def kind_name(key: str) -> str:
    """The kind in words."""
    names: dict[str, str] = {
        "law": _("Juridik"),
        "economy": _("Ekonomi"),
        "development": _("Utveckling"),
        "staffing": _("Bemanning"),
        "other": _("Annat"),
    }
    return names.get(key, names[OTHER])
