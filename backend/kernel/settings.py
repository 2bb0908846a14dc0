"""Every setting of an installation, typed, in one place.

Each is an environment variable: the field's name in capitals behind ``LINSHITONG_``
(``LINSHITONG_PORT``); the database is ``DATABASE_URL``. A file named in ``LINSHITONG_ENV_FILE`` is
read too. Nothing has to be set to try the product: PostgreSQL is then embedded and its keys are
made and kept under ``var/``.
"""

import base64
import binascii
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder."""

_KEY_BYTES = 32


class SettingsError(Exception):
    """One line for every setting that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Times in seconds, sizes in bytes, unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="LINSHITONG_", extra="ignore", frozen=True, validate_default=True
    )

    database_url: Annotated[SecretStr | None, Field(validation_alias="DATABASE_URL")] = None
    database_pool_size: int = Field(default=16, ge=1, le=500)
    database_pool_timeout_seconds: float = Field(default=5.0, gt=0, le=60)

    var_dir: Path = ROOT / "var"
    config_dir: Path = ROOT / "config"
    site_dir: Path = ROOT / "miniprogram" / "dist" / "build" / "h5"

    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8600"
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    web_processes: int = Field(default=1, ge=1, le=64)
    worker_threads: int = Field(default=4, ge=1, le=64)

    encryption_keys: SecretStr = SecretStr("")
    hash_key: SecretStr = SecretStr("")
    signing_key: SecretStr = SecretStr("")
    session_days: int = Field(default=30, ge=1, le=365)

    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_api_base_url: str = "https://api.weixin.qq.com"
    wechat_push_token: SecretStr = SecretStr("")
    wechat_encoding_aes_key: SecretStr = SecretStr("")
    wechat_timeout_seconds: float = Field(default=5.0, gt=0, le=30)
    wechat_miniprogram_state: Literal["developer", "trial", "formal"] = "formal"

    s3_endpoint_url: str | None = None
    s3_bucket: str | None = None
    s3_region: str | None = None
    s3_access_key: SecretStr = SecretStr("")
    s3_secret_key: SecretStr = SecretStr("")

    demo_frame_origin: str | None = None
    rate_limit_storage_url: str = "memory://"
    rate_limits_enabled: bool = True

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(host.strip() for host in value.split(",") if host.strip())
        return value

    @field_validator("public_url", "wechat_api_base_url", "s3_endpoint_url", "demo_frame_origin")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://; no other database is supported")
        return SecretStr(value.get_secret_value().replace("postgres://", "postgresql://", 1))

    @model_validator(mode="after")
    def _keys_present(self) -> Self:
        missing = [
            f"LINSHITONG_{name.upper()}"
            for name in ("encryption_keys", "hash_key", "signing_key")
            if not getattr(self, name).get_secret_value()
        ]
        if missing:
            raise ValueError(
                f"{', '.join(missing)} must be set beside DATABASE_URL "
                "(`python -m backend keys new` prints fresh ones)"
            )
        self.keys()
        return self

    def keys(self) -> dict[str, Any]:
        """Arguments for :meth:`backend.kernel.crypto.Keyring.load`."""
        encryption: dict[str, bytes] = {}
        for part in self.encryption_keys.get_secret_value().split(","):
            key_id, _, encoded = part.strip().partition(":")
            if not (1 <= len(key_id) <= 32 and key_id.isascii()):
                raise ValueError("LINSHITONG_ENCRYPTION_KEYS is a list of id:base64, comma between")
            encryption[key_id] = _decode_key("LINSHITONG_ENCRYPTION_KEYS", encoded)
        return {
            "encryption": encryption,
            "hashing": _decode_key("LINSHITONG_HASH_KEY", self.hash_key.get_secret_value()),
            "signing": _decode_key("LINSHITONG_SIGNING_KEY", self.signing_key.get_secret_value()),
        }


def _decode_key(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{name} must hold {_KEY_BYTES} bytes in base64")
    return key


def new_keys() -> dict[str, str]:
    """Fresh keys, as settings."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()

    return {"encryption_keys": f"k1:{key()}", "hash_key": key(), "signing_key": key()}


def load_settings(**overrides: Any) -> Settings:
    """Read the environment; ``overrides`` win. Raises SettingsError naming every mistake at once.

    Without DATABASE_URL, keys that are not set are made once and kept in ``var/keys.json``: they
    live and die with the embedded database beside them.
    """
    env_file = os.environ.get("LINSHITONG_ENV_FILE")
    embedded = not overrides.get("database_url", os.environ.get("DATABASE_URL"))
    if "database_url" in overrides:
        overrides["DATABASE_URL"] = overrides.pop("database_url")
    if embedded and not env_file:
        var_dir = overrides.get("var_dir") or os.environ.get("LINSHITONG_VAR_DIR") or ROOT / "var"
        kept = _kept_keys(Path(var_dir))
        overrides = {
            name: value
            for name, value in kept.items()
            if f"LINSHITONG_{name.upper()}" not in os.environ
        } | overrides
    try:
        return Settings(_env_file=env_file, **overrides)
    except ValidationError as error:
        raise SettingsError([_problem(item) for item in error.errors()]) from None


def _problem(item: Any) -> str:
    name = ".".join(str(part) for part in item["loc"])
    message: str = item["msg"].removeprefix("Value error, ")
    if not name:
        return message
    variable = name if name.isupper() else f"LINSHITONG_{name.upper()}"
    return f"{variable}: {message}"


def _kept_keys(var_dir: Path) -> dict[str, str]:
    path = var_dir / "keys.json"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        draft = var_dir / f"keys.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(new_keys(), file)
        # Several commands may start at once on an empty folder: whoever links the file first wins.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded
