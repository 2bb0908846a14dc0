"""Files that are not what they should be are refused, each with its reason."""

import io
import random
import zlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.attachments import rules
from backend.attachments.images import Processed, process
from backend.kernel.errors import DomainError
from tests.attachments.pictures import (
    MEDIA_TYPES,
    encoded,
    halves,
    png_header,
    segments,
    talkative,
    webp_canvas,
    zip_file,
)

# Pillow speaks of broken metadata that it passes over.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::RuntimeWarning:PIL")

_HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@cache
def picture(kind: str) -> bytes:
    return talkative(kind)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"GIF89a" + b"\x00" * 50,
        encoded(halves(), "GIF"),
        encoded(halves(), "BMP"),
        encoded(halves(), "TIFF"),
        _HTML,
        _HTML + encoded(halves()),
        b"GIF89a" + encoded(halves()),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        _PDF,
        zip_file(),
        b"MZ\x90\x00" + b"\x00" * 60,
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42",
        b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
        b"\x00\x00\x00\x14ftypmp42heicisom",  # the brand's place holds a version
    ],
)
def test_what_is_no_picture_of_ours(data: bytes) -> None:
    with pytest.raises(rules.ImageUnsupported):
        process(data, "image/jpeg")


@pytest.mark.parametrize("kind", MEDIA_TYPES)
@pytest.mark.parametrize("declared", [*MEDIA_TYPES.values(), "text/html", "image/svg+xml"])
def test_a_wrong_label_is_refused(kind: str, declared: str) -> None:
    if declared == MEDIA_TYPES[kind]:
        assert process(picture(kind), declared).width == 64
        return
    with pytest.raises(rules.ImageMislabelled):
        process(picture(kind), declared)


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_a_picture_with_an_archive_behind_it_is_refused(kind: str) -> None:
    for tail in (zip_file(), zip_file() + b"\n" * 100):
        with pytest.raises(rules.ImageIsAnotherFile):
            process(picture(kind) + tail, None)


def test_a_picture_that_is_also_a_pdf_is_refused() -> None:
    with pytest.raises(rules.ImageIsAnotherFile):
        process(encoded(halves(), comment=_PDF), "image/jpeg")


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_what_is_behind_a_picture_does_not_survive(kind: str) -> None:
    """Phones append films and depth maps of their own: that is no reason to refuse."""
    assert process(picture(kind) + _HTML, None).jpeg == process(picture(kind), None).jpeg


def test_scripts_inside_metadata_do_not_survive() -> None:
    result = process(encoded(halves(), comment=_HTML), "image/jpeg")
    assert b"script" not in result.jpeg
    assert b"script" not in result.thumbnail


@pytest.mark.parametrize("kind", MEDIA_TYPES)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_truncated_files_are_refused(kind: str, share: float) -> None:
    data = encoded(Image.effect_noise((300, 200), 80).convert("RGB"), kind)
    with pytest.raises((rules.ImageDamaged, rules.ImageUnsupported)):
        process(data[: int(len(data) * share)], None)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(rules.ImageAnimated):
        process(data, None)


@pytest.mark.parametrize(
    "data",
    [
        png_header(60_000, 60_000),
        png_header(8_001, 5_000),
        encoded(Image.new("RGB", (8_001, 5_000)), "WEBP", lossless=True, quality=0, method=0),
        png_header(20_000, 10),
        png_header(2**31 - 1, 1),
        webp_canvas(16_000, 16_000),
        webp_canvas(16_384, 16_384),
        encoded(Image.new("1", (16_385, 1)), "PNG"),
        encoded(Image.new("L", (8_400, 8_000)), "JPEG", quality=10),
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_bombs_are_refused(data: bytes) -> None:
    assert len(data) < 1_000_000
    with pytest.raises(rules.ImageTooManyPixels):
        process(data, None)


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    """A scan of a hundred bytes can make the decoder walk over all pixels once more."""
    data = encoded(halves(), progressive=True)
    last = data.rindex(b"\xff\xda")
    assert process(data, None).width == 64
    with pytest.raises(rules.ImageDamaged):
        process(data[:last] + data[last:-2] * 120 + data[-2:], None)


def test_what_only_looks_like_a_scan_is_not_counted() -> None:
    data = encoded(halves(), comment=b"\xff\xda" * 500)
    assert process(data + b"\xff\xda" * 500, None).width == 64


def test_a_png_that_holds_far_more_data_than_pixels_is_harmless() -> None:
    result = process(png_header(8, 8, zlib.compress(b"\x00" * 50_000_000)), "image/png")
    assert (result.width, result.height) == (8, 8)


def test_the_size_limit_is_exact() -> None:
    small = picture("JPEG")
    filled = small + b"\x00" * (rules.MAX_BYTES - len(small))
    assert process(filled, None).width == 64
    with pytest.raises(rules.ImageTooLarge) as caught:
        process(filled + b"\x00", None)
    assert caught.value.status == 413


def outcome(data: bytes) -> Processed | str:
    """Either a clean picture or one of our refusals; anything else is a failure of the test."""
    try:
        result = process(data, None)
    except DomainError as refusal:
        return refusal.code
    for jpeg in (result.jpeg, result.thumbnail):
        list(segments(jpeg))
        Image.open(io.BytesIO(jpeg)).load()
    return result


@settings(max_examples=150, deadline=None)
@given(
    prefix=st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            b"RIFF\xff\x00\x00\x00WEBP",
            b"RIFF\xff\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00",
            b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        ]
    ),
    rest=st.binary(max_size=400),
)
def test_random_bytes_only_ever_meet_our_refusals(prefix: bytes, rest: bytes) -> None:
    assert outcome(prefix + rest)


@settings(max_examples=250, deadline=None)
@given(
    kind=st.sampled_from(sorted(MEDIA_TYPES)),
    seed=st.integers(0, 2**32),
    changes=st.integers(1, 30),
    surgery=st.sampled_from(["flip", "cut", "double", "swap"]),
)
def test_damaged_pictures_only_ever_meet_our_refusals(
    kind: str, seed: int, changes: int, surgery: str
) -> None:
    chance = random.Random(seed)
    data = bytearray(picture(kind))
    for _ in range(changes):
        at = chance.randrange(len(data))
        length = chance.randrange(1, 40)
        match surgery:
            case "flip":
                data[at] = chance.randrange(256)
            case "cut":
                del data[at : at + length]
            case "double":
                data[at:at] = data[at : at + length]
            case "swap":
                other = chance.randrange(len(data))
                data[at], data[other] = data[other], data[at]
        if not data:
            break
    assert outcome(bytes(data))
