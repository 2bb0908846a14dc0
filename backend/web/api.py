"""The app that features are mounted in, and the blueprint their routes are written on."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ClassVar

import flask_smorest
from flask import Flask
from flask_smorest.utils import resolve_schema_instance
from werkzeug.middleware.proxy_fix import ProxyFix

from backend.kernel.errors import DomainError
from backend.kernel.settings import Settings
from backend.web import errors, lifecycle, openapi
from backend.web.idempotency import run_once
from backend.web.openapi import Api, make_api
from backend.web.pages import PageQuery
from backend.web.parsing import Parser
from backend.web.responses import json_response, respond
from backend.web.traits import View, mark, traits_of

__all__ = ["Api", "Blueprint", "create_flask", "json_response", "make_api", "problems"]


class LinshitongFlask(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view of ours is async, so none has to be looked at, several times a request."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        """Flask's own would print the message, which may quote what a person wrote."""
        errors.log_exception("unexpected", exc_info[1])


def create_flask(settings: Settings) -> Flask:
    """The base app: limits, errors, request pipeline; no routes yet."""
    app = LinshitongFlask("backend", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=lifecycle.UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=20,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PUBLIC_URL=settings.public_url,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    errors.register(app)
    lifecycle.install(app, settings)
    return app


def problems(*refusals: type[DomainError]) -> Callable[[View], View]:
    """Documents what the view refuses, beyond what its other decorators imply."""

    def decorate(view: View) -> View:
        return mark(view, problems=(*traits_of(view).problems, *refusals))

    return decorate


class Blueprint(flask_smorest.Blueprint):
    """Routes of one feature: plain functions, one method each.

    A view returns JSON text (passed on unread), an object for its response schema, or a Response.
    Its decorators, all below ``@blueprint.route``, may stand in any order.
    """

    ARGUMENTS_PARSER: ClassVar[Parser] = Parser()

    def __init__(self, name: str, import_name: str, **kwargs: Any) -> None:
        super().__init__(name, import_name, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_problems_doc)

    def arguments(
        self,
        schema: Any,
        *,
        location: str = "json",
        prepare: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """As flask-smorest's; it also tells the pipeline and the documentation what is parsed.

        ``prepare`` gets what was parsed, before the transaction of an idempotent view and with no
        connection held: see :func:`backend.web.idempotency.run_once`.
        """
        # One instance for all requests: making one copies every field.
        schema = resolve_schema_instance(schema)
        parse = super().arguments(schema, location=location, **kwargs)
        pages = isinstance(schema, PageQuery)
        step = prepare and partial(self._prepared, prepare, schema, location)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            before = traits_of(view)
            view = mark(
                view,
                parses=before.parses | {location},
                uploads=before.uploads or location in {"files", "form"},
                pages=before.pages or pages,
                prepare=before.prepare or step,
            )
            parsed: Callable[..., Any] = parse(view)
            return parsed

        return decorate

    def _prepared(self, prepare: Callable[[Any], Any], schema: Any, location: str) -> Any:
        return prepare(self.ARGUMENTS_PARSER.parse(schema, location=location))

    def response(self, status_code: int, schema: Any = None, **kwargs: Any) -> Any:
        """As flask-smorest's, except that text a view returns is JSON already."""
        document = super().response(status_code, schema, **kwargs)
        instance = resolve_schema_instance(schema)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def answer(*args: Any, **kwargs: Any) -> Any:
                return respond(view(*args, **kwargs), status_code, instance)

            documented: Callable[..., Any] = document(answer)
            return documented

        return decorate

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        if view_func is None or isinstance(view_func, type):
            raise TypeError("routes are plain functions")
        if len(options.get("methods", ("GET",))) != 1:
            raise TypeError(f"{view_func.__name__}: one method per view")
        traits = traits_of(view_func)
        if traits.public and traits.idempotent:
            raise TypeError(f"{view_func.__name__}: idempotency keys belong to a person")
        if traits.prepare and not traits.idempotent:
            raise TypeError(f"{view_func.__name__}: only idempotent views are prepared")
        view = run_once(view_func, traits.prepare) if traits.idempotent else view_func
        documented = {
            **getattr(view, "_apidoc", {}),
            "traits": traits,
            "operation_id": f"{self.name}.{endpoint or view_func.__name__}",
            "has_path_parameters": "<" in rule or "<" in (self.url_prefix or ""),
        }

        @wraps(view)
        def routed(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        routed._apidoc = documented  # type: ignore[attr-defined]
        view_func.routed = True
        super().add_url_rule(rule, endpoint, routed, **options)

    @staticmethod
    def _prepare_problems_doc(
        doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **kwargs: Any
    ) -> dict[str, Any]:
        return openapi.complete(doc, doc_info, method)
