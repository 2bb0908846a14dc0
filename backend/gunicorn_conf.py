"""gunicorn's settings, from ours. Read by gunicorn; `python -m backend serve` starts it."""

import gc
from typing import Any

from backend.kernel.settings import load_settings

_settings = load_settings()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_processes

# Measured against gthread: docs/performance.md.
worker_class = "gevent"

# Requests above the pool's size wait for a connection; above this they wait in the backlog.
worker_connections = _settings.database_pool_size * 4

timeout = 60
graceful_timeout = 30
keepalive = 5
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats need no disk

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# The access log is ours: JSON, with a request id and without personal data.
accesslog = None
errorlog = "-"
loglevel = "warning"

# Its default path is shared by every gunicorn of a user.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """What the application is made of stays: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
