"""What the documents say of the code is true."""

from backend.kernel.settings import ROOT, Settings
from backend.service_requests.rules import CLOSED, TRANSITIONS, State


def test_the_diagram_of_states_is_the_table_of_transitions() -> None:
    arrows = dict.fromkeys(
        f"    {rule.state} --> {rule.to}: {rule.action}"
        for rule in TRANSITIONS
        if rule.to is not rule.state
    )
    ends = [f"    {state} --> [*]" for state in State if state in CLOSED]
    drawn = "\n".join(["stateDiagram-v2", "    [*] --> submitted", *arrows, *ends])
    assert drawn in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    names = {f"LINSHITONG_{name.upper()}" for name in Settings.model_fields} - {
        "LINSHITONG_DATABASE_URL"
    } | {"DATABASE_URL"}
    assert {name for name in names if f"`{name}`" not in text} == set()
