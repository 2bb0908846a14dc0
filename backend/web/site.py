"""The H5 site: the built mini-program, served as files."""

import base64
import hashlib
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound as FileNotThere

from backend.kernel import messages
from backend.kernel.errors import NotFound
from backend.kernel.settings import Settings
from backend.web.auth import without_database
from backend.web.language import language

_HASHED = re.compile(r"[.-][0-9A-Za-z_-]{8,}\.\w+$")
"""Names a build makes from the content, as in ``index-BbZ0n3aT.js``."""

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_YEAR_SECONDS = 31_536_000
_HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class _Page:
    modified_ns: int
    html: str
    policy: str


class _Site:
    def __init__(self, folder: Path, frame_origin: str | None) -> None:
        self.folder = folder
        self.frame_origin = frame_origin
        self._page: _Page | None = None

    def page(self) -> _Page | None:
        """The start page as built last; None if there is no build."""
        path = self.folder / "index.html"
        try:
            modified = path.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if self._page is None or self._page.modified_ns != modified:
            html = path.read_text(encoding="utf-8")
            policy = self._policy(html)
            if self.frame_origin is not None:
                meta = f'<meta name="demo-frame-origin" content="{escape(self.frame_origin)}">'
                html = html.replace("<head>", f"<head>{meta}", 1)
            self._page = _Page(modified, html, policy)
        return self._page

    def _policy(self, html: str) -> str:
        # The build's own inline scripts are allowed by what they contain, no others.
        digests = (
            base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            for script in _INLINE_SCRIPT.findall(html)
        )
        scripts = "".join(f" 'sha256-{digest}'" for digest in digests)
        return (
            f"default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline';"
            " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
            " manifest-src 'self'; base-uri 'none'; form-action 'self';"
            f" frame-ancestors {self.frame_origin or chr(39) + 'none' + chr(39)}"
        )


def init_site(app: Flask, settings: Settings) -> None:
    """Serve the build at ``/``. Until it exists, the page says so."""
    site = _Site(settings.site_dir, settings.demo_frame_origin)

    @app.get("/")
    @without_database
    def site_page() -> Response:
        page = site.page()
        if page is None:
            sentence = messages.text("web.site.not_built", language())
            return Response(sentence, 503, content_type="text/plain; charset=utf-8")
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": page.policy}
        response = Response(page.html, headers=headers, content_type="text/html; charset=utf-8")
        response.add_etag()
        response.make_conditional(request)
        return response

    @app.get("/<any(assets, static):folder>/<path:name>")
    @without_database
    def site_file(folder: str, name: str) -> Response:
        try:
            response = send_from_directory(site.folder / folder, name)
        except FileNotThere:
            raise NotFound from None
        hashed = folder == "assets" and _HASHED.search(name) is not None
        response.cache_control.public = True
        response.cache_control.no_cache = None
        response.cache_control.max_age = _YEAR_SECONDS if hashed else _HOUR_SECONDS
        response.cache_control.immutable = hashed
        return response
