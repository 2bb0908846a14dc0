"""Personal data at rest, keyed look-ups, and signatures on links.

A stored value is ``version(1) ‖ key id length(1) ‖ key id ‖ nonce(12) ‖ AES-256-GCM``. The context
(whose datum, which column) is authenticated too, so a value moved to another row does not open.
"""

import base64
import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_NONCE_BYTES = 12


class Undecipherable(Exception):
    """The value was made with a key that is gone, for another context, or was altered."""


class Keyring:
    """Every key of this installation. The first encryption key is used for new values."""

    def __init__(self) -> None:
        self._ciphers: dict[str, AESGCM] = {}
        self.current_key_id = ""
        self._hash_key = b""
        self._signing_key = b""

    def load(self, *, encryption: dict[str, bytes], hashing: bytes, signing: bytes) -> None:
        """Take keys into use; ``encryption`` maps key ids to 32 bytes, the current one first."""
        self._ciphers = {key_id: AESGCM(key) for key_id, key in encryption.items()}
        self.current_key_id = next(iter(encryption))
        self._hash_key = hashing
        self._signing_key = signing

    def encrypt(self, text: str, context: str) -> bytes:
        """Encrypt with the current key, bound to the context."""
        key_id = self.current_key_id.encode()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.current_key_id].encrypt(nonce, text.encode(), context.encode())
        return bytes((_VERSION, len(key_id))) + key_id + nonce + sealed

    def decrypt(self, blob: bytes, context: str) -> str:
        """The text again. Raises Undecipherable."""
        blob = bytes(blob)
        key_id = self.key_id(blob)
        cipher = self._ciphers.get(key_id)
        if cipher is None or blob[0] != _VERSION:
            raise Undecipherable(f"no key {key_id!r}")
        start = 2 + len(key_id.encode())
        nonce, sealed = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, context.encode()).decode()
        except InvalidTag as error:
            raise Undecipherable("altered, or of another context") from error

    @staticmethod
    def key_id(blob: bytes) -> str:
        """Which key a stored value was made with."""
        blob = bytes(blob)
        return blob[2 : 2 + blob[1]].decode()

    def keyed_hash(self, text: str, purpose: str) -> bytes:
        """For finding a value without storing it: HMAC-SHA256, different for each purpose."""
        return hmac.digest(self._hash_key, f"{purpose}\x00{text}".encode(), sha256)

    def sign(self, payload: bytes, purpose: str) -> str:
        """A signature of 128 bits, safe in a URL."""
        mac = hmac.digest(self._signing_key, purpose.encode() + b"\x00" + payload, sha256)
        return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()

    def verify(self, payload: bytes, signature: str, purpose: str) -> bool:
        """Whether the signature is ours, compared in constant time."""
        given = signature.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(self.sign(payload, purpose).encode(), given)


keyring = Keyring()
"""The keys of this process, loaded once from the settings."""
