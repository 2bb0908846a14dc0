"""A daughter acts for her mother, in a browser, until the consent is taken back."""

from pathlib import Path

import pypdfium2

from tests.e2e.playing import play
from tests.running import Running


def test_a_daughter_acts_for_her_mother(running: Running, photos: Path, tmp_path: Path) -> None:
    paper = tmp_path / "receipt.pdf"

    play("acting", running, photos, tmp_path, PAPER=str(paper))

    [(number, area)] = running.rows(
        "SELECT r.number, a.name FROM service_requests r JOIN areas a ON a.code = r.area_code"
    )
    (page,) = pypdfium2.PdfDocument(paper.read_bytes())
    printed = "".join(page.get_textpage().get_text_range().replace("-", "").split())
    for words in (number, area, "李秀英（张敏代办）", "门口那盏路灯不亮了", "路灯不亮", "谁在办"):
        assert words in printed
    assert "13885700001" not in printed
    acts = running.rows(
        "SELECT t.kind, t.capacity, p.name"
        " FROM timeline_events t JOIN people p ON p.id = t.actor_id ORDER BY t.seq"
    )
    assert acts == [
        ("submitted", "agent", "张敏"),
        ("reminded", "requester", "李秀英"),
    ]
