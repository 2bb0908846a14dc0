"""Running the sandbox as a real HTTP server: from a test, or from the command line."""

import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from flask import Blueprint
from werkzeug.serving import WSGIRequestHandler, make_server

from backend.sandbox.app import create_app, pusher_of, wire_of
from backend.sandbox.store import Store
from backend.sandbox.world import Account, World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class _Handler(WSGIRequestHandler):
    """No access log: addresses carry secrets."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def connection_dropped(
        self, error: BaseException, environ: "WSGIEnvironment | None" = None
    ) -> None:
        self.close_connection = True


class Sandbox:
    """One pretended WeChat. ``world`` is its state; ``url`` where it listens.

    >>> with Sandbox() as sandbox:
    ...     code = sandbox.world.issue_code("openid-of-somebody")
    """

    def __init__(
        self,
        *,
        account: Account | None = None,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        pages: Sequence[str] = (),
        control_origin: str | None = None,
        blueprints: Iterable[Blueprint] = (),
    ) -> None:
        """``data`` is the folder of the state; without it the state goes when it stops.

        ``pages`` are those of the mini-program's release; ``blueprints`` further web pages.
        """
        self._folder = None if data else tempfile.TemporaryDirectory(prefix="sandbox-")
        folder = data or Path(self._folder.name)  # type: ignore[union-attr]
        folder.mkdir(parents=True, exist_ok=True)
        self.world = World(Store(folder / "sandbox.sqlite3"), account or Account(), pages)
        self.app = create_app(self.world, control_origin=control_origin, pages=blueprints)
        self._server = make_server(host, port, self.app, threaded=True, request_handler=_Handler)
        self._thread = threading.Thread(target=self.serve, name="sandbox", daemon=True)
        self.url = f"http://{host}:{self._server.server_port}"

    def serve(self) -> None:
        """Answer until stopped."""
        self._server.serve_forever(poll_interval=0.05)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        wire_of(self.app).release()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        pusher_of(self.app).stop()
        self.world.store.close()
        if self._folder:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- for tests ----------------------------------------------------------------------------

    def reset(self) -> None:
        """Everything as it was at the start."""
        wire_of(self.app).release()
        pusher_of(self.app).wait()
        self.world.reset()

    def fault(self, path: str, kind: str, times: int | None = 1, **options: Any) -> None:
        """Break the next calls of a path; kinds and options as in :mod:`backend.sandbox.wire`."""
        self.world.add_fault(path, kind, times, options)

    def accept(self, openid: str, *template_ids: str) -> None:
        """The person says yes to messages of these templates, and the product is told."""
        results = [{"template_id": one, "outcome": "accept"} for one in template_ids]
        self.world.answer_popup(openid, results)
        pusher_of(self.app).popup_answered(openid, results)

    def wait_for_pushes(self) -> None:
        """Until every push under way was delivered or given up."""
        if not pusher_of(self.app).wait():
            raise TimeoutError("pushes are still under way")
