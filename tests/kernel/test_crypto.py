"""Keys: what is sealed opens only where it belongs, and old keys still open old values."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.crypto import Keyring, Undecipherable


def ring(*key_ids: str) -> Keyring:
    keyring = Keyring()
    keyring.load(
        encryption={key_id: (key_id * 32).encode()[:32] for key_id in key_ids},
        hashing=b"h" * 32,
        signing=b"s" * 32,
    )
    return keyring


@given(st.text(), st.text(st.characters(codec="utf-8")))
def test_what_was_sealed_opens_again(text: str, context: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    keyring = ring("k1")
    assert keyring.decrypt(keyring.encrypt(text, context), context) == text


def test_the_same_text_never_looks_the_same() -> None:
    keyring = ring("k1")
    assert keyring.encrypt("13812345678", "phone") != keyring.encrypt("13812345678", "phone")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    keyring = ring("k1")
    with pytest.raises(Undecipherable):
        keyring.decrypt(keyring.encrypt("13812345678", "phone:a"), "phone:b")


@pytest.mark.parametrize("position", [5, 20, -1])
def test_an_altered_value_does_not_open(position: int) -> None:
    keyring = ring("k1")
    blob = bytearray(keyring.encrypt("13812345678", "phone"))
    blob[position] ^= 1
    with pytest.raises(Undecipherable):
        keyring.decrypt(bytes(blob), "phone")


def test_a_new_key_is_used_and_the_old_one_still_opens() -> None:
    old = ring("k1").encrypt("13812345678", "phone")
    rotated = ring("k2", "k1")
    assert rotated.decrypt(old, "phone") == "13812345678"
    assert Keyring.key_id(rotated.encrypt("x", "phone")) == "k2"
    with pytest.raises(Undecipherable):
        ring("k2").decrypt(old, "phone")


def test_keyed_hashes_differ_by_purpose() -> None:
    keyring = ring("k1")
    assert keyring.keyed_hash("1", "phone") == keyring.keyed_hash("1", "phone")
    assert keyring.keyed_hash("1", "phone") != keyring.keyed_hash("1", "id_number")


def test_a_signature_holds_for_its_payload_and_purpose_alone() -> None:
    keyring, payload = ring("k1"), os.urandom(20)
    signature = keyring.sign(payload, "link")
    assert keyring.verify(payload, signature, "link")
    assert not keyring.verify(payload, signature, "cursor")
    assert not keyring.verify(payload + b"x", signature, "link")
    assert not keyring.verify(payload, "路" + signature, "link")
