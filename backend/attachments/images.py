"""Pictures as they come from phones, turned into pictures that are safe to show.

Whatever comes in is decoded fully and encoded afresh, so nothing of the sender's file survives:
no place, no camera, no colour profile, no text, no bytes hidden behind the picture.
"""

import hashlib
import io
import re
import struct
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pillow_heif
from PIL import Image, ImageCms

from backend.attachments import rules

MAX_SIDE: Final = 2560
THUMBNAIL_SIDE: Final = 480

_QUALITY: Final = 85
_THUMBNAIL_QUALITY: Final = 78
_ORIENTATION_TAG: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MOST_SCANS: Final = 100
"""Cameras write at most about a dozen. Each costs a walk over all pixels, however few its bytes."""
_MARKER: Final = re.compile(rb"\xff+([\x02-\xcf\xd8-\xfe])")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})

Image.MAX_IMAGE_PIXELS = rules.MAX_PIXELS
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


class Kind(StrEnum):
    """What Pillow calls the four formats that are taken."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"


_MOST_PIXELS: Final = {
    Kind.JPEG: rules.MAX_PIXELS,
    Kind.HEIF: rules.MAX_PIXELS,
    Kind.PNG: rules.MAX_PIXELS_DRAWN,
    Kind.WEBP: rules.MAX_PIXELS_DRAWN,
}
_DECLARED: Final = {
    "image/jpeg": Kind.JPEG,
    "image/jpg": Kind.JPEG,
    "image/pjpeg": Kind.JPEG,
    "image/png": Kind.PNG,
    "image/webp": Kind.WEBP,
    "image/heic": Kind.HEIF,
    "image/heif": Kind.HEIF,
}
_UNDECLARED: Final = frozenset({"", "application/octet-stream"})
"""What clients send that do not know the type: it claims nothing, so it cannot be wrong."""


@dataclass(frozen=True, slots=True)
class Processed:
    """A picture ready to store: two JPEGs; sizes in pixels and the digest are of the large one."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: bytes


def process(data: bytes, declared_type: str | None) -> Processed:
    """Turn an upload into a clean JPEG (longest side ≤ 2560) and a thumbnail (≤ 480), both sRGB.

    Raises only the refusals of ``rules``, whatever the bytes are. CPU-heavy: up to some seconds.
    """
    if len(data) > rules.MAX_BYTES:
        raise rules.ImageTooLarge(limit_mb=rules.MAX_MEGABYTES)
    kind = kind_of(data)
    if kind is None:
        raise rules.ImageUnsupported()
    declared = (declared_type or "").partition(";")[0].strip().lower()
    if declared not in _UNDECLARED and _DECLARED.get(declared) is not kind:
        raise rules.ImageMislabelled()
    if _is_zip(data) or _is_pdf(data):
        raise rules.ImageIsAnotherFile()
    if kind is Kind.JPEG and _scans(data) > _MOST_SCANS:
        raise rules.ImageDamaged()
    picture = _decoded(data, kind)
    jpeg = _jpeg(picture, _QUALITY)
    width, height = picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Processed(
        jpeg=jpeg,
        thumbnail=_jpeg(picture, _THUMBNAIL_QUALITY),
        width=width,
        height=height,
        sha256=hashlib.sha256(jpeg).digest(),
    )


def kind_of(data: bytes) -> Kind | None:
    """The format that the first bytes show, or None where it is not one of ours."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp":
        # A container for many things (video, AVIF); its brands tell which. Bytes 12-16 hold none.
        box = data[8 : min(int.from_bytes(data[:4], "big"), 512)]
        if _HEIC_BRANDS.intersection(box[i : i + 4] for i in range(0, len(box), 4) if i != 4):
            return Kind.HEIF
    return None


def _is_zip(data: bytes) -> bool:
    """Whether a ZIP reader would open these bytes: it looks for the directory at the *end*."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) - end < 22:
        return False
    (directory_size,) = struct.unpack_from("<I", data, end + 12)
    return data[max(0, end - directory_size) :].startswith(b"PK\x01\x02")


def _is_pdf(data: bytes) -> bool:
    """Whether a PDF reader would open these bytes: it accepts a header in the first kilobyte."""
    return b"%PDF-" in data[:1024] and b"%%EOF" in data


def _scans(data: bytes) -> int:
    """How many scans a JPEG decoder would go through."""
    at, scans = 2, 0
    while found := _MARKER.search(data, at):
        marker = found[1][0]
        if marker == _END_OF_IMAGE:
            break
        scans += marker == _START_OF_SCAN
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return scans


def _decoded(data: bytes, kind: Kind) -> Image.Image:
    """The picture itself: upright, RGB in sRGB, within MAX_SIDE, without anything attached."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            _refuse_bombs(kind, *image.size)
            # An iPhone's HEIC may hold several pictures, a Samsung's JPEG a second view: the
            # primary one is what its owner saw. A moving picture has no such one.
            if kind in (Kind.PNG, Kind.WEBP) and getattr(image, "is_animated", False):
                raise rules.ImageAnimated()
            if kind is Kind.JPEG:
                image.draft(None, (MAX_SIDE, MAX_SIDE))  # decodes huge ones at 1/2, 1/4 or 1/8
            image.load()
            _refuse_bombs(kind, *image.size)  # HEIF learns the true size only here
            orientation, profile = _orientation(image), image.info.get("icc_profile")
            picture = _plain(image)
            picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
            picture = _srgb(picture, profile)
        if orientation in _TURNS:
            picture = picture.transpose(_TURNS[orientation])
    except (rules.ImageTooManyPixels, rules.ImageAnimated):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(kind) from error
    except Exception as error:
        # Codecs raise nearly anything on bytes that are not what they claim: OSError, SyntaxError,
        # ValueError, EOFError, RuntimeError, struct.error, zlib.error, even MemoryError.
        raise rules.ImageDamaged() from error
    picture.info = {}
    return picture


def _refuse_bombs(kind: Kind, width: int, height: int) -> None:
    if max(width, height) > rules.MAX_DIMENSION or width * height > _MOST_PIXELS[kind]:
        raise _too_many_pixels(kind)


def _too_many_pixels(kind: Kind) -> rules.ImageTooManyPixels:
    return rules.ImageTooManyPixels(
        limit_megapixels=_MOST_PIXELS[kind] // 1_000_000, limit_side=rules.MAX_DIMENSION
    )


def _orientation(image: Image.Image) -> int:
    """How the camera was held. A broken note about it must not cost the picture."""
    with suppress(Exception):
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    return 1


def _plain(image: Image.Image) -> Image.Image:
    """The picture with 8 bits a channel in L, RGB or CMYK; what was transparent is white.

    It may be the same object: a copy of a large picture would cost a few hundred MB.
    """
    if image.mode == "I" or image.mode.startswith("I;16"):
        # `convert` would clip 16 bits to white instead of scaling them.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        # RGBa has colours already multiplied by alpha; RGBA undoes it.
        glass = image if image.mode == "RGBA" else image.convert("RGBA")
        paper = Image.new("RGB", glass.size, "white")
        paper.paste(glass, mask=glass)
        return paper
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the profile means them; a profile that is broken or for other modes is ignored."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
            if converted is not None:
                return converted
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True)
    return buffer.getvalue()
