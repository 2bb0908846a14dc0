"""The API's document and a page to read and try it, served from here: nothing leaves for a CDN."""

import re
from html import escape
from pathlib import Path

import flask_swagger_ui  # type: ignore[import-untyped]
from flask import Flask, Response, send_from_directory

from backend.kernel import messages
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps
from backend.web.auth import without_database
from backend.web.etag import conditional
from backend.web.openapi import Api

_SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
_FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    # Swagger UI styles elements directly.
    " style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>邻事通 API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
"""
_PROBLEM_PAGE = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{code}</title></head>
<body><h1>{code}</h1><p>{chinese}</p><p lang="en">{english}</p></body>
</html>
"""


def init_docs(app: Flask, api: Api) -> None:
    """Serve the document, the page, and a page for each problem type."""
    made: list[bytes] = []

    @app.get("/api/openapi.json")
    @without_database
    def openapi_document() -> Response:
        if not made:
            made.append(dumps(api.document()))
        return conditional(made[0])

    @app.get("/api/docs")
    @without_database
    def api_docs() -> Response:
        return _html(_PAGE)

    @app.get("/api/docs/<name>")
    @without_database
    def api_docs_file(name: str) -> Response:
        if name == "start.js":
            return Response(_START, content_type="text/javascript; charset=utf-8")
        if name not in _FILES:
            raise NotFound
        return send_from_directory(_SWAGGER_UI, name, max_age=86_400)

    @app.get("/problems/<code>")
    @without_database
    def problem_type(code: str) -> Response:
        if code not in messages.error_codes("en"):
            raise NotFound
        sentences = {name: _sentence(code, tag) for name, tag in _LANGUAGES.items()}
        return _html(_PROBLEM_PAGE.format(code=escape(code), **sentences))


_PLACEHOLDER = re.compile(r"\{\w+\}")
_LANGUAGES = {"chinese": "zh-CN", "english": "en"}


def _sentence(code: str, language: str) -> str:
    sentences = messages.catalogue(language)
    key = next(key for key in sentences if key.endswith(f".errors.{code}"))
    return escape(_PLACEHOLDER.sub("…", sentences[key]))


def _html(page: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY}
    return Response(page, headers=headers, content_type="text/html; charset=utf-8")
