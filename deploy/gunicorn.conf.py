"""How gunicorn serves the app in production: behind a proxy on the same machine (deploy/README.md)."""

import gc
import os

wsgi_app = "app:create_app()"
bind = os.environ.get("STYRKEDJAN_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
timeout = 60  # seconds; a page takes milliseconds, a large import some seconds
graceful_timeout = 30
keepalive = 0  # kept connections gather at one worker and leave the other idle; the proxy is near, a new one is cheap
control_socket_disable = True  # it would be written into a home directory that a service may not have

# X-Forwarded-Proto is believed from the proxy alone. Elsewhere than on this machine: name its address here.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

errorlog = "-"
accesslog = None  # the proxy keeps one; addresses of pages name schools and people


def post_worker_init(worker):
    """What the app is made of never becomes garbage: else each full collection reads all of it, 100 ms within somebody's page."""
    gc.collect()
    gc.freeze()
