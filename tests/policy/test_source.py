"""Promises that are read off the source."""

import ast
import json
import re
from collections.abc import Iterator

from backend.kernel.settings import ROOT
from backend.notices import templates
from backend.web.errors import field_codes
from tests.policy.source import docstrings, modules, trees
from tests.policy.test_openapi import refusals

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

SAYS_SOMETHING_IN_CHINESE = {
    "backend/web/docs.py": "the product's name, in the title of the API's pages",
    "backend/web/openapi.py": "the product's name, in the title of the API's document",
    "backend/demo/supervisor.py": "the product's name, said to whoever starts the demo",
    "backend/areas/rules.py": "how places are called in law, which is how they are searched for",
    "backend/areas/units.py": "stands for a place's name when a unit's name is tried out",
    "backend/areas/schemas.py": "a place of the county, as an example in the API's document",
    "backend/advisers/rules/parties.py": "how names and companies are written, to know one again",
    "backend/advisers/rules/register_file.py": "the form of dates that spreadsheets write",
    "backend/integrations/wechat/values.py": "the forms of dates and amounts that WeChat takes",
    "backend/cases/routes.py": "what cases are called, in the API's document",
    "backend/integrations/excel.py": "the type that Chinese spreadsheets are set in",
    "backend/cases/rules/anonymising.py": "what stands for what is left out",
    "backend/cases/rules/parties.py": "how people and companies are called in writing",
    "backend/cases/rules/places.py": "how places are called in writing",
    "backend/cases/rules/texts.py": "how dates and doors are written, and what stands for them",
    "backend/integrations/pdf.py": "the sign printers put where a type is missing",
    "backend/notices/wording.py": "the form of a moment that WeChat takes",
    "backend/kernel/personal_data.py": "how number plates and accounts begin",
    "backend/sandbox/rules.py": "what pretended WeChat takes for a date, an amount, a bad word",
}
"""Files that may hold Chinese which is no sentence to a person, each with the reason."""


def chinese_strings(tree: ast.Module) -> Iterator[str]:
    explained = docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in explained
            and CHINESE.search(node.value)
        ):
            yield node.value


def test_sentences_are_in_the_catalogues_and_not_in_the_code():
    found = {path: list(chinese_strings(tree)) for path, tree in trees().items()}
    assert {path for path, strings in found.items() if strings} == set(SAYS_SOMETHING_IN_CHINESE)
    for path, strings in found.items():
        for string in strings:
            # A sentence has words, and ends somewhere.
            assert not re.search("[\u3400-\u9fff]", string) or not re.search(
                "[。！？，；]", string.replace("邻事通的接口。", "")
            ), (
                path,
                string,
            )


def used_names(tree: ast.Module) -> Iterator[str]:
    """Names that are raised, returned, called, passed on or kept to be raised.

    Not those in decorators (``@problems`` documents), annotations, imports or bases, nor those in
    tuples that are handed to ``@problems``.
    """
    documenting = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        for inner in ast.walk(decorator)
    }
    for node in ast.walk(tree):
        if node in documenting:
            continue
        values: list[ast.expr | None] = []
        match node:
            case ast.Raise():
                values = [node.exc]
            case ast.Return():
                values = [node.value]
            case ast.Call():
                values = [node.func, *node.args]
            case ast.Dict():
                values = list(node.values)
            case ast.IfExp():
                values = [node.body, node.orelse]
            case ast.BoolOp():
                values = list(node.values)
        for value in values:
            if isinstance(value, ast.Name):
                yield value.id
            elif isinstance(value, ast.Attribute):
                yield value.attr


def test_every_refusal_is_raised_somewhere():
    assert list(modules())
    used = {name for tree in trees().values() for name in used_names(tree)}
    families = {base for refusal in refusals() for base in refusal.__bases__}
    unused = {refusal.__name__ for refusal in refusals() - families} - used
    assert unused == set()


def field_error_codes(tree: ast.Module) -> Iterator[str]:
    """The codes of field errors that are written out where they are made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldError":
            for argument in node.args[1:2]:
                if isinstance(argument, ast.Constant):
                    yield argument.value


def test_every_field_error_has_its_sentences():
    made = {code for tree in trees().values() for code in field_error_codes(tree)}
    assert {"date_out_of_range", "required"} <= made
    for language in ("zh-CN", "en"):
        assert made - field_codes(language) == set()


def test_messages_open_pages_that_the_mini_program_has():
    content = json.loads((ROOT / "miniprogram/src/pages.json").read_text(encoding="utf-8"))
    pages = {page["path"] for page in content["pages"]} | {
        f"{package['root']}/{page['path']}"
        for package in content.get("subPackages", ())
        for page in package["pages"]
    }
    for template in templates.read(ROOT / "config").by_key.values():
        assert template.page.partition("?")[0] in pages
