"""Telling the product of events, as WeChat's message push does: JSON, in safe mode."""

import base64
import hashlib
import io
import json
import os
import secrets
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from PIL import Image, UnidentifiedImageError

from backend.sandbox.world import Account, World

_ATTEMPTS = 3
_ANSWER_SECONDS = 5.0
_AGAIN_SECONDS = 0.2
_MEDIA_LIMIT_BYTES = 20 * 1024 * 1024
_DOWNLOAD_FAILED = -1008
_PADDING_BLOCK = 32

Event = dict[str, Any]


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def encrypt(text: str, account: Account) -> str:
    """``random(16) ‖ length ‖ text ‖ appid`` under AES-256-CBC, padded to 32, in base64."""
    key = base64.b64decode(account.encoding_aes_key + "=")
    message = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(message)) + message + account.app_id.encode()
    missing = _PADDING_BLOCK - len(plain) % _PADDING_BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def envelope(message: Event, account: Account, now: float) -> tuple[dict[str, str], bytes]:
    """(query, body) of the push; in plain text if the account has no AES key."""
    text = json.dumps(message, ensure_ascii=False)
    timestamp, nonce = str(int(now)), str(secrets.randbelow(10**9))
    query = {
        "signature": signature(account.push_token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": message["FromUserName"],
    }
    if not account.encoding_aes_key:
        return query, text.encode()
    sealed = encrypt(text, account)
    query |= {
        "encrypt_type": "aes",
        "msg_signature": signature(account.push_token, timestamp, nonce, sealed),
    }
    return query, json.dumps({"ToUserName": message["ToUserName"], "Encrypt": sealed}).encode()


class Pusher:
    """Delivers in the background: up to three attempts of five seconds, as WeChat does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._guard = threading.Lock()

    # --- the events ---------------------------------------------------------------------------

    def popup_answered(self, openid: str, results: Sequence[Mapping[str, str]]) -> None:
        listed = [
            {
                "TemplateId": result["template_id"],
                "SubscribeStatusString": result["outcome"],
                "PopupScene": "0",
            }
            for result in results
        ]
        self._push(openid, "subscribe_msg_popup_event", {"List": _one_or_many(listed)})

    def switched_off(self, openid: str, template_ids: Sequence[str]) -> None:
        listed = [
            {"TemplateId": template_id, "SubscribeStatusString": "reject"}
            for template_id in template_ids
        ]
        self._push(openid, "subscribe_msg_change_event", {"List": _one_or_many(listed)})

    def message_sent(self, openid: str, template_id: str, message_id: int) -> None:
        listed = {
            "TemplateId": template_id,
            "MsgID": str(message_id),
            "ErrorCode": "0",
            "ErrorStatus": "success",
        }
        self._push(openid, "subscribe_msg_sent_event", {"List": listed})

    def check_media(self, openid: str, url: str, trace_id: str) -> None:
        """Fetch the image and push the verdict on it."""

        def work() -> None:
            verdict: Event = {"appid": self._world.account.app_id, "trace_id": trace_id}
            verdict |= {"version": 2, "errcode": 0, "errmsg": "ok"}
            if _is_image(url):
                suggest, label = self._world.judge_media(url)
                detail = {"strategy": "content_model", "errcode": 0, "prob": 90}
                result = {"suggest": suggest, "label": label}
                verdict |= {"result": result, "detail": [detail | result]}
            else:
                verdict |= {"errcode": _DOWNLOAD_FAILED, "errmsg": "download failed", "detail": []}
            self._deliver(self._message(openid, "wxa_media_check", verdict))

        self._later(work)

    # --- delivery -----------------------------------------------------------------------------

    def wait(self, timeout_seconds: float = 10.0) -> bool:
        """Until everything under way has been delivered or given up; whether that came in time."""
        with self._guard:
            threads = list(self._threads)
        for thread in threads:
            thread.join(timeout_seconds)
        with self._guard:
            self._threads = [thread for thread in self._threads if thread.is_alive()]
        return not any(thread.is_alive() for thread in threads)

    def stop(self) -> None:
        self._stopped.set()
        self.wait()

    def _push(self, openid: str, event: str, content: Event) -> None:
        if self._world.account.push_url:
            message = self._message(openid, event, content)
            self._later(lambda: self._deliver(message))

    def _later(self, work: Callable[[], None]) -> None:
        delay = float(self._world.store.get("push_delay", 0))

        def run() -> None:
            if not delay or not self._stopped.wait(delay):
                work()

        thread = threading.Thread(target=run, name="sandbox-push", daemon=True)
        with self._guard:
            self._threads = [known for known in self._threads if known.is_alive()] + [thread]
            thread.start()

    def _message(self, openid: str, event: str, content: Event) -> Event:
        return {
            "ToUserName": "gh_5a4d0b0c5a4d",
            "FromUserName": openid,
            "CreateTime": str(int(self._world.store.now())),
            "MsgType": "event",
            "Event": event,
        } | content

    def _deliver(self, message: Event) -> None:
        account, store = self._world.account, self._world.store
        if not account.push_url:
            return
        push_id = store.execute(
            "INSERT INTO pushes (event, message, url, created_at) VALUES (?, ?, ?, ?)",
            message["Event"],
            json.dumps(message, ensure_ascii=False),
            account.push_url,
            store.now(),
        )
        for attempt in range(1, _ATTEMPTS + 1):
            query, body = envelope(message, account, store.now())
            try:
                answer = requests.post(
                    account.push_url, params=query, data=body, timeout=_ANSWER_SECONDS
                )
                status, text = answer.status_code, answer.text[:200]
            except requests.RequestException as error:
                status, text = None, type(error).__name__
            store.execute(
                "UPDATE pushes SET attempts = ?, status = ?, answer = ? WHERE id = ?",
                attempt,
                status,
                text,
                push_id,
            )
            if (status, text) == (200, "success"):
                return
            if attempt < _ATTEMPTS and self._stopped.wait(_AGAIN_SECONDS):
                return


def _one_or_many(items: list[Event]) -> Event | list[Event]:
    """WeChat writes a list of one as the one."""
    return items[0] if len(items) == 1 else items


def _is_image(url: str) -> bool:
    try:
        with requests.get(url, timeout=_ANSWER_SECONDS, stream=True) as answer:
            answer.raise_for_status()
            content = answer.raw.read(_MEDIA_LIMIT_BYTES + 1, decode_content=True)
        if len(content) > _MEDIA_LIMIT_BYTES:
            return False
        with Image.open(io.BytesIO(content)) as image:
            image.verify()
    except (requests.RequestException, UnidentifiedImageError, OSError, SyntaxError):
        return False
    return True
