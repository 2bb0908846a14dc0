"""Starts everything the demo needs, watches it, and stops everything together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.app import assemble, connect, handlers
from backend.demo.people import CAST_FILE
from backend.demo.seed import PretendWeChat, Progress, seed
from backend.kernel import clock, embedded
from backend.kernel.db import connection, db
from backend.kernel.migrate import migrate
from backend.kernel.settings import ROOT, Settings, load_settings

WELCOME = """
邻事通 is running.

  Open  {demo}   choose a person; their phone and their WeChat messages appear
        the adviser's side of a village: 杨雪梅 (lawyer) and 吴建国 (justice office)
  API   {api}/api/docs

Ctrl-C stops everything; what you did is kept. `make demo-reset` starts over.
"""

PAGES_FILE = ROOT / "miniprogram" / "src" / "pages.json"

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0

# Pretend WeChat and the product must agree on these; none of them opens anything real.
WECHAT = {
    "wechat_app_id": "wxdemo0000000520526",
    "wechat_app_secret": "demo-secret-of-the-pretend-wechat",
    "wechat_push_token": "demoPushToken",
    "wechat_encoding_aes_key": "ZGVtby1hZXMta2V5LW9mLXRoZS1wcmV0ZW5kLXdlY2h",
}


class CannotStart(Exception):
    """Why the demo cannot run, as a sentence for a person."""


class Demo:
    """The demo's processes. ``say`` is told of each step, ``on_progress`` how far one has got."""

    def __init__(
        self, settings: Settings, say: Callable[[str], None], on_progress: Progress
    ) -> None:
        self.settings = settings
        self._wechat_port = settings.port + 1
        self.wechat_url = f"http://{settings.host}:{self._wechat_port}"
        self._say = say
        self._on_progress = on_progress
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Bring everything up and return once it answers. Raises CannotStart."""
        for port in (self.settings.port, self._wechat_port):
            _require_free(self.settings.host, port)
        if not (self.settings.site_dir / "index.html").exists():
            raise CannotStart("The pages are not built yet. `make demo` builds them.")
        self._say("starting the database")
        connect(self.settings)
        migrate()
        environment = self._environment(embedded.database_url(self.settings))
        self._say("starting pretend WeChat")
        self._run(
            "wechat",
            [
                "-m", "backend.sandbox", "--host", self.settings.host,
                "--port", str(self._wechat_port),
                "--data", str(self.settings.var_dir / "sandbox"),
                "--cast", str(CAST_FILE), "--pages", str(PAGES_FILE),
                "--service-url", self.settings.public_url,
            ],
            environment,
        )  # fmt: skip
        self._await("wechat", f"{self.wechat_url}/_sandbox/templates")
        self._say("loading the county and its past two months (once)")
        assemble(self.settings)
        with connection():
            seed(
                self.settings,
                PretendWeChat(self.wechat_url),
                handlers(),
                clock.now(),
                self._on_progress,
            )
        db.close_all()
        self._say("starting the service and its worker")
        self._run("service", ["-m", "backend", "serve"], environment)
        self._run("worker", ["-m", "backend", "worker"], environment)
        self._await("service", f"{self.settings.public_url}/readyz")

    def wait(self) -> str:
        """Until a process ends by itself; its name."""
        while True:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.5)

    def log_of(self, name: str) -> Path:
        """Where a process writes."""
        return self.settings.var_dir / "logs" / f"{name}.log"

    def stop(self) -> None:
        """Ask every process to finish, the newest first; insist after a while."""
        for process in reversed(self._processes.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        embedded.stop(self.settings)

    def _environment(self, database_url: str) -> dict[str, str]:
        ours = {
            "DATABASE_URL": database_url,
            "LINSHITONG_VAR_DIR": str(self.settings.var_dir),
            "LINSHITONG_WECHAT_API_BASE_URL": self.wechat_url,
            "LINSHITONG_DEMO_FRAME_ORIGIN": self.wechat_url,
            "PYTHONUNBUFFERED": "1",
        }
        for name in ("encryption_keys", "hash_key", "signing_key", *WECHAT):
            ours[f"LINSHITONG_{name.upper()}"] = _plain(getattr(self.settings, name))
        return os.environ | ours

    def _run(self, name: str, arguments: list[str], environment: dict[str, str]) -> None:
        path = self.log_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            # A session of its own: Ctrl-C reaches this process alone, which then stops the rest.
            self._processes[name] = subprocess.Popen(  # noqa: S603
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _await(self, name: str, url: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        process = self._processes[name]
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise CannotStart(f"The {name} process did not start; {self.log_of(name)} says why.")


def demo_settings() -> Settings:
    """Settings of the demo: the embedded database, and pretend WeChat beside the service."""
    port = int(os.environ.get("LINSHITONG_PORT", "8600"))
    return load_settings(
        database_url=None, port=port, public_url=f"http://127.0.0.1:{port}", **WECHAT
    )


def reset(settings: Settings) -> None:
    """Throw away everything the demo keeps. Raises CannotStart while it runs."""
    _require_free(settings.host, settings.port)
    embedded.stop(settings)
    shutil.rmtree(settings.var_dir, ignore_errors=True)


def _plain(value: Any) -> str:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CannotStart(
                f"Port {port} is taken: is the demo running already? "
                "Stop what uses it, or choose another with LINSHITONG_PORT=9600 make demo."
            ) from None
