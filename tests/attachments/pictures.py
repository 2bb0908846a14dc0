"""Pictures for tests, made on the spot: real files of every format, with all that files carry."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

pillow_heif.register_heif_opener()

SECRET = b"SECRET-26.85N-104.28E"
"""Written into every place of a file that can hold words; must be in nothing that is stored."""

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}


def halves(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Red above, blue below: turned or mirrored, it shows."""
    picture = Image.new("RGB", size, (220, 20, 20))
    picture.paste((20, 20, 220), (0, size[1] // 2, size[0], size[1]))
    return picture.convert(mode)


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> bytes:
    """Camera, place, a note and a small picture, as cameras write them."""
    data = Image.Exif()
    data[0x010F] = SECRET.decode()
    data[0x0112] = orientation
    data.get_ifd(0x8769)[0x927C] = encoded(Image.new("RGB", (8, 8))) + SECRET
    data.get_ifd(0x8825).update({1: "N", 2: (26.0, 51.0, 0.0), 3: "E", 4: (104.0, 17.0, 0.0)})
    return data.tobytes()


def xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description>'
        + SECRET
        + b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """A colour space in which "red" means green: whoever ignores the profile shows it."""
    tags = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}
    profile = bytearray(srgb_profile())
    for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12):
        name = bytes(profile[at : at + 4])
        profile[at : at + 4] = tags.get(name, name)
    return bytes(profile)


def talkative(kind: str, orientation: int = 1) -> bytes:
    """A picture with everything in it that its format can carry."""
    options: dict[str, Any] = {
        "exif": exif(orientation),
        "xmp": xmp(),
        "icc_profile": srgb_profile() + SECRET,
    }
    if kind == "JPEG":
        options["comment"] = SECRET
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x1a\x1c\x02\x05\x00\x15" + SECRET
        options["extra"] = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", SECRET.decode())
        words.add_text("Author", SECRET.decode(), zip=True)
        words.add_itxt("XML:com.adobe.xmp", xmp().decode())
        options["pnginfo"] = words
        options["dpi"] = (72, 72)
    if kind == "HEIF":
        options["quality"] = 90
    return encoded(halves(), kind, **options)


def segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each JPEG segment; the compressed data is skipped over."""
    assert jpeg[:2] == b"\xff\xd8"
    at = 2
    while True:
        assert jpeg[at] == 0xFF, "not at a marker"
        marker = jpeg[at + 1]
        if marker == 0xD9:
            assert at + 2 == len(jpeg), "bytes after the end of the picture"
            return
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        yield marker, jpeg[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == 0xDA:
            while jpeg[at] != 0xFF or jpeg[at + 1] == 0 or 0xD0 <= jpeg[at + 1] <= 0xD7:
                at += 1


def png_header(width: int, height: int, idat: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever its data hold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", idat or zlib.compress(b"\x00" * 64))
        + chunk(b"IEND", b"")
    )


def webp_canvas(width: int, height: int) -> bytes:
    """A WebP whose extended header claims a canvas, with a small frame inside."""
    frame = encoded(Image.new("RGB", (4, 4)), "WEBP", lossless=True)[12:]
    header = (
        b"\x00\x00\x00\x00" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBPVP8X" + struct.pack("<I", 10) + header + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zip_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.bat", "hello")
    return buffer.getvalue()
