"""Settings: every mistake at once, nothing secret in sight, keys made once."""

from pathlib import Path

import pytest

from backend.kernel.settings import SettingsError, load_settings, new_keys


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(
            var_dir=tmp_path, port=0, public_url="nowhere", database_url="mysql://x", session_days=0
        )
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "DATABASE_URL",
        "LINSHITONG_PORT",
        "LINSHITONG_PUBLIC_URL",
        "LINSHITONG_SESSION_DAYS",
    ]


def test_a_database_of_ones_own_needs_keys_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LINSHITONG_HASH_KEY"):
        load_settings(var_dir=tmp_path, database_url="postgresql://db/linshitong")
    settings = load_settings(
        var_dir=tmp_path, database_url="postgresql://db/linshitong", **new_keys()
    )
    assert set(settings.keys()) == {"encryption", "hashing", "signing"}


@pytest.mark.parametrize("name", ["encryption_keys", "hash_key", "signing_key"])
def test_a_short_key_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="32 bytes"):
        load_settings(var_dir=tmp_path, **(new_keys() | {name: "k1:c2hvcnQ="}))


def test_keys_of_the_embedded_database_are_made_once(tmp_path: Path) -> None:
    first, second = load_settings(var_dir=tmp_path), load_settings(var_dir=tmp_path)
    assert first.keys() == second.keys()
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = load_settings(var_dir=tmp_path, wechat_app_secret="not-to-be-seen")
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    for secret in ("not-to-be-seen", settings.hash_key.get_secret_value()):
        assert secret not in shown
