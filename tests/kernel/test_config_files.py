"""YAML a county edits: every value knows its line, every mistake is found."""

from pathlib import Path

import pytest

from backend.kernel.config_files import load


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_values_know_their_lines(tmp_path: Path) -> None:
    node, errors = load(write(tmp_path, "a: 1\nb:\n  - 路灯\n  - c: true\n"))
    assert errors == []
    assert node.plain() == {"a": 1, "b": ["路灯", {"c": True}]}
    first, second = node.get("b") or ()
    assert (first.line, second.line) == (3, 4)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1\n", 2, "not YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands here twice"),
        ("a: !!python/object:os.system 1\n", 1, "not YAML"),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    _node, errors = load(write(tmp_path, text))
    assert [(error.line, message in error.message) for error in errors] == [(line, True)]


def test_a_missing_file_is_a_mistake_too(tmp_path: Path) -> None:
    node, errors = load(tmp_path / "none.yaml")
    assert node.plain() == {}
    assert str(errors[0]).endswith("none.yaml:1: cannot be read: No such file or directory")
