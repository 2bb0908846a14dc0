"""The product's source, for promises that can be read off it."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from backend.kernel.settings import ROOT

NOT_IMPORTED = {"__main__", "wsgi", "gunicorn_conf", "migrations"}
"""Modules that start something when they are imported, or that no code imports."""


@cache
def trees() -> dict[str, ast.Module]:
    """The parsed files of the backend by their path from the project's folder."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "backend").rglob("*.py"))
    }


def modules() -> Iterator[tuple[str, ModuleType]]:
    """Every module of the backend, imported, by its file's path."""
    for path in trees():
        parts = Path(path).with_suffix("").parts
        if not NOT_IMPORTED & set(parts):
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield path, importlib.import_module(name)


def docstrings(tree: ast.Module) -> set[ast.AST]:
    """The constants that only say something to the reader, after a definition or an assignment."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
