"""How the interface answers: JSON, a part at a time, and what is wrong as a problem with a sentence (RFC 9457)."""

import json
from typing import Any

from flask import Response, request, url_for

from chain.api.rules import Page

PREFIX = "/api/v1/"


def answer(body: dict[str, Any]) -> Response:
    """What was asked for."""
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json")


def part(items: list[dict[str, Any]], total: int, page: Page, **beside: Any) -> Response:
    """A part of a list, and where the next one is."""
    following, asked = page.next(total), {**(request.view_args or {}), "per_page": page.size}
    further = url_for(str(request.endpoint), **asked, page=following) if following else None
    return answer({"items": items, "page": page.number, "per_page": page.size, "total": total, "next": further, **beside})


def problem(status: int, title: str, sentence: str) -> Response:
    """What is wrong, and what to do."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": sentence}
    wrong = Response(json.dumps(told, ensure_ascii=False), status, content_type="application/problem+json")
    if status == 401:
        wrong.headers["WWW-Authenticate"] = 'Bearer realm="styrkedjan"'
    return wrong
