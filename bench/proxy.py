"""Public pages through a caching proxy, as readers have them: nginx in front of gunicorn, both on this machine."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from bench.sides import Bench, Result

ROOT = Path(__file__).resolve().parents[1]
READERS, EACH = 8, 250  # so many at once, each asking so many times: bounded
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    proxy_cache_path {folder}/cache keys_zone=public:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host $host;
            proxy_cache public; proxy_cache_lock on; proxy_cache_use_stale updating;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""


def public_proxy(bench: Bench) -> Iterator[Result]:
    """The time of a public page through the proxy ÷ asked of the application itself, with as many readers."""
    nginx = shutil.which("nginx")
    if nginx is None:
        sys.exit("bench: public_proxy needs nginx. Install it (Debian: nginx-light), or measure others with --only.")
    page = next(one.path for one in bench.pages if one.name == "page_public")
    with TemporaryDirectory(prefix="styrkedjan-proxy-") as name, _gunicorn(bench.url) as behind:
        folder, port = Path(name), _free()
        folder.chmod(0o755)  # a proxy that is started by root works as somebody else
        (folder / "conf").write_text(NGINX.format(folder=folder, port=port, behind=behind), encoding="utf-8")
        with _running([nginx, "-c", str(folder / "conf"), "-p", name], port):
            direct, _none = _asked(behind, page)
            through, told = _asked(port, page)
    asked = READERS * EACH
    hits = told["HIT"] / asked
    said = f"{1000 * through:.2f} ÷ {1000 * direct:.2f} ms a page; {1 / through:.0f} a second, {1 / direct:.0f} without nginx; "
    yield Result("public_proxy", bench.database, bench.size, through / direct, 0.25, said + f"hit ratio {100 * hits:.1f} %")


def _asked(port: int, path: str) -> tuple[float, Counter[str]]:
    """Seconds a page, all readers together, and what the proxy's cache said."""
    told: list[str] = []

    def read() -> None:
        for _time in range(EACH):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200 and answer.read(), answer.status
            told.append(answer.headers.get("X-Cache", ""))
            connection.close()

    readers = [Thread(target=read) for _reader in range(READERS)]
    start = time.perf_counter()
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    spent = time.perf_counter() - start
    assert len(told) == READERS * EACH, "a reader got no page"
    return spent / len(told), Counter(told)


@contextmanager
def _gunicorn(url: str) -> Iterator[int]:
    port = _free()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "STYRKEDJAN_BIND": f"127.0.0.1:{port}",
        "STYRKEDJAN_SECRET_KEY": "bench" * 8,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "critical"]
    with _running(command, port, environment):
        yield port


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A server that is ended when the block is, by its own number."""
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True) as server:
        try:
            _answers(server, port)
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _answers(server: "subprocess.Popen[bytes]", port: int) -> None:
    for _wait in range(300):
        assert server.poll() is None, f"{server.args} has ended"
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"{server.args} does not answer")


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port
