"""Asks an SS 12000 server: client credentials, page after page, and a sentence for whatever goes wrong. Keeps nothing."""

import base64
import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from chain.base.errors import RuleBroken
from chain.base.locale import _

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PAGE = 500  # rows asked for at a time
MOST_PAGES = 1000  # for one question: half a million rows, more than any municipality has
MOST_BYTES = 50 * 1024 * 1024  # of one answer
TIMEOUT = 20.0  # seconds without a byte
ATTEMPTS = 4  # of one read, when the server is overloaded or out of order
LONGEST_WAIT = 8.0  # seconds between two attempts
EARLY = 30.0  # seconds before its end that a token is renewed


class NotOffered(Exception):
    """The server has no such thing to ask for."""


@dataclass(frozen=True)
class Access:
    """Where a municipality's source is and how one gets in, as the operator has said. `municipality` is its step in paths."""

    municipality: str
    url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    def check(self, *, loopback: bool = False) -> None:
        """Refuse an address that is not https; plain http is for tests, on the machine itself."""
        for address in (self.url, self.token_url):
            parts = urlsplit(address)
            plain = loopback and parts.scheme == "http" and parts.hostname in LOOPBACK
            if not (plain or parts.scheme == "https") or not parts.hostname or "@" in parts.netloc or parts.fragment:
                raise RuleBroken(
                    _("Adressen till registret måste börja med https://. Be den som sköter servern att rätta inställningen.")
                )


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would take the key to an address that nobody has configured."""

    def redirect_request(self, *_facts: Any) -> None:
        return None


@dataclass(frozen=True)
class _Answer:
    status: int
    wait: str
    content: bytes


class Client:
    """One conversation with a source, of at most `seconds`. Only reads are tried again, and only at 429 and 5xx."""

    def __init__(
        self, access: Access, *, seconds: float = 45.0, timeout: float = TIMEOUT, loopback: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        access.check(loopback=loopback)
        self.access = access
        self.ends = time.monotonic() + seconds
        self.timeout = timeout
        self.sleep = sleep
        self.token = ""
        self.token_ends = 0.0
        proxies = [ProxyHandler({})] if access.host in LOOPBACK else []
        self.opener = build_opener(_NoRedirect, HTTPSHandler(context=ssl.create_default_context()), *proxies)

    def rows(self, what: str, filters: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page. NotOffered when the server has no such list."""
        for page in self.pages(what, filters):
            yield from _rows(page)

    def pages(self, what: str, filters: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """The pages of a list as they came. The standard lets a page token stand with no filter but the limit."""
        asked: dict[str, Any] = {**(filters or {}), "limit": PAGE}
        seen: set[str] = set()
        for _page in range(MOST_PAGES):
            answer = self._ask(what, what, query=asked)
            yield answer
            token = answer.get("pageToken") if isinstance(answer, dict) else None
            if not token:
                return
            if str(token) in seen:
                raise RuleBroken(_("Registret visar samma sida om och om igen när vi frågar efter %(what)s.", what=word(what)))
            seen.add(str(token))
            asked = {"limit": PAGE, "pageToken": str(token)}
        raise RuleBroken(_("Registret har fler sidor med %(what)s än vad som är rimligt.", what=word(what)))

    def lookup(self, what: str, ids: list[str]) -> list[dict[str, Any]]:
        """The things with these ids: a read, although it is a POST. The standard answers a list, others an object."""
        return list(_rows(self._ask(what, f"{what}/lookup", body={"ids": ids})))

    def one(self, what: str, name: str) -> dict[str, Any]:
        """One thing by its id; NotOffered when it is not there."""
        answer = self._ask(what, f"{what}/{quote(name, safe='')}")
        return answer if isinstance(answer, dict) else {}

    def _ask(self, what: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        address = f"{self.access.url.rstrip('/')}/{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        data = json.dumps(body).encode() if body is not None else None
        renewed = False
        for attempt in range(1, ATTEMPTS + 1):
            headers = {"Authorization": f"Bearer {self._key()}", "Accept": "application/json"}
            answer = self._send(Request(address, data, {**headers, "Content-Type": "application/json"} if data else headers))
            if answer.status == 401 and not renewed:
                self.token, renewed = "", True
            elif (answer.status == 429 or answer.status >= 500) and answer.status != 501 and attempt < ATTEMPTS:
                self._wait(answer.wait, attempt)
            else:
                break
        return self._judged(answer, what)

    def _wait(self, said: str, attempt: int) -> None:
        wanted = float(said) if said.isascii() and said.isdigit() else 0.5 * 2**attempt
        wanted = min(wanted, LONGEST_WAIT)
        if time.monotonic() + wanted > self.ends:
            raise RuleBroken(self._too_long())
        self.sleep(wanted)

    def _key(self) -> str:
        """The token in force; a new one when there is none or it is about to end. Asking for one is never tried again."""
        if self.token and time.monotonic() < self.token_ends:
            return self.token
        mine = self.access
        pair = f"{quote(mine.client_id, safe='')}:{quote(mine.client_secret, safe='')}"
        said = {"grant_type": "client_credentials"} | ({"scope": mine.scope} if mine.scope else {})
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(), "Accept": "application/json"}
        answer = self._send(Request(mine.token_url, urlencode(said).encode(), headers))
        if answer.status in (400, 401, 403):
            raise RuleBroken(
                _("Registret godtar inte vårt klient-id och vår hemlighet. Be den som sköter servern att se över inställningen.")
            )
        if answer.status != 200:
            raise RuleBroken(_("Inloggningen hos registret fungerar inte just nu (%(status)s).", status=answer.status))
        said_back = _json(answer.content)
        token = said_back.get("access_token") if isinstance(said_back, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise RuleBroken(_("Registret svarade på inloggningen utan att ge någon nyckel."))
        self.token, self.token_ends = token, _ends(said_back.get("expires_in"))
        return self.token

    def _send(self, request: Request) -> _Answer:
        if time.monotonic() > self.ends:
            raise RuleBroken(self._too_long())
        host = request.host
        try:
            with self.opener.open(request, timeout=self.timeout) as response:
                return _Answer(response.status, "", self._read(response))
        except HTTPError as error:
            with error:
                return _Answer(error.code, error.headers.get("Retry-After", ""), b"")
        except (TimeoutError, URLError, HTTPException, OSError) as error:
            raise RuleBroken(_unreachable(host, error)) from None  # the chain of causes could show an address with its key

    def _read(self, response: HTTPResponse) -> bytes:
        parts, size = [], 0
        while part := response.read1(1 << 16):
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                raise RuleBroken(_("Registret svarade med mer än vad som är rimligt på en gång."))
            if time.monotonic() > self.ends:
                raise RuleBroken(self._too_long())
        whole = b"".join(parts)
        promised = response.headers.get("Content-Length", "")
        if promised.isdigit() and int(promised) != size:
            raise RuleBroken(_("Svaret från registret blev avbrutet på vägen. Försök igen."))
        return whole

    def _judged(self, answer: _Answer, what: str) -> Any:
        if answer.status == 200:
            return _json(answer.content)
        if answer.status in (404, 405, 501):
            raise NotOffered(what)
        raise RuleBroken(_refused(answer.status, what))

    def _too_long(self) -> str:
        return _(
            "Registret hann inte svara färdigt. Försök igen, eller be den som sköter servern att köra kommandot "
            "intake ss12000, som får ta längre tid."
        )


def _rows(answer: Any) -> Iterator[dict[str, Any]]:
    found = answer.get("data") if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise RuleBroken(_("Registret svarade, men inte så som standarden SS 12000 säger: listan saknas."))
    return (row for row in found if isinstance(row, dict))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise RuleBroken(_("Registret svarade med något som inte går att läsa. Försök igen om en stund.")) from None


def _ends(seconds: Any) -> float:
    """When a token has to be renewed. One that does not say is used until it is refused."""
    try:
        return time.monotonic() + max(float(seconds) - EARLY, 1.0)
    except (TypeError, ValueError):
        return float("inf")


def _unreachable(host: str, error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return _("%(host)s svarade inte i tid. Försök igen om en stund.", host=host)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _("%(host)s kunde inte visa ett giltigt certifikat, så vi frågade inte vidare.", host=host)
    return _("Det går inte att nå %(host)s. Försök igen om en stund.", host=host)


def _refused(status: int, what: str) -> str:
    if status in (301, 302, 303, 307, 308):
        return _("Registret har flyttat till en annan adress. Be den som sköter servern att rätta inställningen.")
    if status == 401:
        return _("Registret godtar inte vår inloggning. Be den som sköter servern att se över inställningen.")
    if status == 403:
        return _("Vi har inte rätt att läsa %(what)s hos registret. Be den som förvaltar registret om läsrätt.", what=word(what))
    if status == 429:
        return _("Registret har för mycket att göra och ber oss vänta. Försök igen om en stund.")
    if status >= 500:
        return _("Registret har ett fel just nu (%(status)s). Försök igen om en stund.", status=status)
    return _("Registret förstod inte frågan efter %(what)s (%(status)s).", what=word(what), status=status)


def word(what: str) -> str:
    """What is asked for, as it stands in a sentence."""
    words: dict[str, str] = {
        "organisations": _("organisationer"),
        "groups": _("grupper"),
        "duties": _("tjänstgöringar"),
        "persons": _("personal"),
        "deletedEntities": _("borttagna poster"),
        "grades": _("betyg"),
        "syllabuses": _("ämnen"),
    }
    return words.get(what, what)
