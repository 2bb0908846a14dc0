"""What becomes of a good picture."""

import hashlib
import io

import pytest
from PIL import Image

from backend.attachments.images import Processed, process
from tests.attachments.pictures import (
    MEDIA_TYPES,
    SECRET,
    encoded,
    halves,
    segments,
    srgb_profile,
    swapped_profile,
    talkative,
)

# Pillow speaks of broken metadata that it passes over.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::RuntimeWarning:PIL")

_ALLOWED_SEGMENTS = {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}
"""JFIF header, tables, a progressive frame, scans: nothing that can carry a word."""


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def near(pixel: object, colour: tuple[int, int, int], tolerance: int = 24) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))


RED, BLUE, WHITE = (220, 20, 20), (20, 20, 220), (255, 255, 255)


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_nothing_of_the_senders_file_is_left(kind: str) -> None:
    data = talkative(kind)
    assert SECRET in data or kind == "PNG"

    result = process(data, MEDIA_TYPES[kind])

    for jpeg in (result.jpeg, result.thumbnail):
        assert SECRET not in jpeg
        for marker, body in segments(jpeg):
            assert marker in _ALLOWED_SEGMENTS
            if marker == 0xE0:
                assert body[:5] == b"JFIF\x00"
                assert body[12:14] == b"\x00\x00", "no picture inside the JFIF header"
        info = opened(jpeg).info
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(info)
    picture = opened(result.jpeg)
    assert near(picture.getpixel((32, 8)), RED)
    assert near(picture.getpixel((32, 40)), BLUE)


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_result_describes_itself(kind: str) -> None:
    result = process(talkative(kind), None)
    picture = opened(result.jpeg)
    assert picture.format == "JPEG"
    assert picture.mode == "RGB"
    assert (result.width, result.height) == picture.size == (64, 48)
    assert result.sha256 == hashlib.sha256(result.jpeg).digest()


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_the_same_file_gives_the_same_picture(kind: str) -> None:
    data = talkative(kind)
    assert process(data, None) == process(data, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(kind: str, orientation: int) -> None:
    """Stored lying on its side with a note how to hold it: the note is gone, so it is turned."""
    upright = halves((64, 48))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    note = Image.Exif()
    note[0x0112] = orientation

    result = process(encoded(stored, kind, exif=note.tobytes()), None)

    picture = opened(result.jpeg)
    assert picture.size == (64, 48)
    assert near(picture.getpixel((32, 8)), RED)
    assert near(picture.getpixel((32, 40)), BLUE)
    assert near(opened(result.thumbnail).getpixel((32, 8)), RED)


@pytest.mark.parametrize(
    ("size", "expected", "thumbnail"),
    [
        ((1, 1), (1, 1), (1, 1)),
        ((480, 300), (480, 300), (480, 300)),
        ((2560, 10), (2560, 10), (480, 2)),
        ((4000, 3000), (2560, 1920), (480, 360)),
        ((1500, 5000), (768, 2560), (144, 480)),
        ((9000, 1), (2560, 1), (480, 1)),
    ],
)
def test_sizes(
    size: tuple[int, int], expected: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    result = process(encoded(Image.new("RGB", size, RED)), "image/jpeg")
    assert (result.width, result.height) == opened(result.jpeg).size == expected
    assert opened(result.thumbnail).size == thumbnail


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_colours_mean_what_the_profile_says(kind: str) -> None:
    stored = Image.new("RGB", (32, 32), (230, 10, 10))
    result = process(encoded(stored, kind, icc_profile=swapped_profile()), None)
    red, green, _ = opened(result.jpeg).getpixel((16, 16))
    assert green > 180
    assert red < 80


@pytest.mark.parametrize(
    "profile", [b"broken", srgb_profile()[:200], b"\x00" * 128, srgb_profile()]
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_cannot_be_used_does_not_cost_the_picture(mode: str, profile: bytes) -> None:
    result = process(encoded(Image.new(mode, (8, 8)), "JPEG", icc_profile=profile), None)
    assert opened(result.jpeg).mode == "RGB"


def test_cmyk() -> None:
    result = process(encoded(halves().convert("CMYK")), "image/jpeg")
    assert near(opened(result.jpeg).getpixel((32, 8)), RED)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_what_is_transparent_becomes_white(kind: str) -> None:
    picture = halves(mode="RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 64, 24))
    result = process(encoded(picture, kind), None)
    assert near(opened(result.jpeg).getpixel((32, 8)), WHITE)
    assert near(opened(result.jpeg).getpixel((32, 40)), BLUE)


def test_palette_with_transparency() -> None:
    picture = Image.new("P", (16, 16), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255] + [0] * 762)
    picture.paste(1, (0, 8, 16, 16))
    for transparency in (0, bytes([0, 255])):
        result = process(encoded(picture, "PNG", transparency=transparency), "image/png")
        assert near(opened(result.jpeg).getpixel((8, 3)), WHITE)
        assert near(opened(result.jpeg).getpixel((8, 12)), (0, 0, 255))


def test_single_transparent_colour() -> None:
    result = process(encoded(halves(), "PNG", transparency=RED), "image/png")
    assert near(opened(result.jpeg).getpixel((32, 8)), WHITE)


def test_grey_with_alpha() -> None:
    picture = Image.new("LA", (16, 16), (0, 0))
    assert near(opened(process(encoded(picture, "PNG"), None).jpeg).getpixel((8, 8)), WHITE)


def test_sixteen_bits_keep_their_brightness() -> None:
    picture = Image.new("I;16", (16, 16), 0x8000)
    result = process(encoded(picture, "PNG"), "image/png")
    assert near(opened(result.jpeg).getpixel((8, 8)), (128, 128, 128), 2)


def test_one_bit() -> None:
    result = process(encoded(Image.new("1", (16, 16), 1), "PNG"), "image/png")
    assert near(opened(result.jpeg).getpixel((8, 8)), WHITE)


def test_a_broken_note_about_orientation_does_not_cost_the_picture() -> None:
    result = process(encoded(halves(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"), "image/jpeg")
    assert (result.width, result.height) == (64, 48)


def test_of_a_jpeg_with_two_views_the_first_is_taken() -> None:
    data = encoded(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    assert near(opened(process(data, "image/jpeg").jpeg).getpixel((32, 8)), RED)


def test_of_a_heic_with_several_pictures_the_primary_is_taken() -> None:
    others = [Image.new("RGB", (64, 48)), halves()]
    data = encoded(Image.new("RGB", (64, 48)), "HEIF", save_all=True, append_images=others)
    assert isinstance(process(data, "image/heic"), Processed)
    primary = encoded(
        Image.new("RGB", (64, 48)), "HEIF", save_all=True, append_images=others, primary_index=2
    )
    assert near(opened(process(primary, "image/heic").jpeg).getpixel((32, 8)), RED)


@pytest.mark.parametrize(
    "declared", ["image/jpeg", "IMAGE/JPEG; charset=binary", "image/jpg", "", None]
)
def test_declared_types_of_a_jpeg(declared: str | None) -> None:
    assert process(encoded(halves()), declared).width == 64


@pytest.mark.parametrize("declared", ["image/heic", "image/heif", "application/octet-stream"])
def test_declared_types_of_a_heic(declared: str) -> None:
    assert process(encoded(halves(), "HEIF"), declared).width == 64
