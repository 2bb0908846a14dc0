"""A resident, her village's legal adviser, the justice office and a neighbour, in a browser."""

from pathlib import Path

from tests.e2e.playing import play
from tests.running import Running


def test_from_a_question_to_a_published_case(
    running: Running, photos: Path, tmp_path: Path
) -> None:
    running.command("-m", "tests.advise", running.wechat_url)

    play("adviser", running, photos, tmp_path)

    served = running.rows(
        "SELECT kind, source, mode, entered_later FROM ledger_entries ORDER BY entered_at"
    )
    assert served == [
        ("question", "service", None, False),
        ("consultation", "service", "in_person", False),
    ]
