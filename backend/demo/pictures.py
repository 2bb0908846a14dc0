"""Photographs for the demo, drawn: nobody's street and nobody's face."""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)

Painter = Callable[[ImageDraw.ImageDraw, random.Random], None]


def _sky(draw: ImageDraw.ImageDraw, top: tuple[int, int, int], low: tuple[int, int, int]) -> None:
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        shade = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        draw.line((0, y, SIZE[0], y), fill=shade)


def _hills(draw: ImageDraw.ImageDraw, chance: random.Random, shade: tuple[int, int, int]) -> None:
    points = [(0, 520)]
    points += [(x, chance.randint(380, 520)) for x in range(120, SIZE[0], 150)]
    draw.polygon([*points, (SIZE[0], 480), SIZE, (0, SIZE[1])], fill=shade)


def _road(draw: ImageDraw.ImageDraw, shade: tuple[int, int, int]) -> None:
    draw.polygon([(560, 520), (720, 520), (1180, 960), (100, 960)], fill=shade)
    for step in range(5):
        y = 560 + step * 85
        width = 4 + step * 3
        draw.rectangle((640 - width, y, 640 + width, y + 34), fill=(225, 222, 205))


def _lamp(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (14, 22, 44), (44, 52, 78))
    _hills(draw, chance, (20, 28, 40))
    _road(draw, (48, 50, 56))
    for x, lit in ((300, False), (1010, chance.random() < 0.5)):
        if lit:
            draw.polygon([(x + 60, 270), (x - 130, 960), (x + 250, 960)], fill=(74, 72, 66))
        draw.rectangle((x - 7, 230, x + 7, 840), fill=(96, 100, 106))
        draw.line((x, 236, x + 80, 214), fill=(96, 100, 106), width=11)
        head = (250, 224, 150) if lit else (58, 60, 66)
        draw.ellipse((x + 52, 200, x + 124, 230), fill=head)


def _pothole(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (168, 190, 204), (220, 226, 222))
    _hills(draw, chance, (112, 138, 104))
    _road(draw, (122, 122, 120))
    for _ in range(3):
        x, y = chance.randint(380, 820), chance.randint(680, 880)
        draw.ellipse((x - 110, y - 34, x + 110, y + 34), fill=(82, 76, 68))
        draw.ellipse((x - 84, y - 22, x + 78, y + 22), fill=(104, 118, 124))


def _water(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (190, 204, 206), (228, 226, 216))
    draw.rectangle((0, 560, *SIZE), fill=(140, 132, 118))
    draw.rectangle((560, 300, 720, 700), fill=(150, 96, 70))
    for _ in range(160):
        x = 640 + chance.gauss(0, 130)
        y = chance.randint(330, 880)
        draw.ellipse((x - 5, y - 12, x + 5, y + 12), fill=(176, 206, 218))
    draw.ellipse((230, 790, 1060, 920), fill=(120, 146, 156))


def _rubbish(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (196, 206, 196), (224, 222, 206))
    _hills(draw, chance, (128, 146, 104))
    draw.rectangle((300, 480, 980, 800), fill=(154, 148, 140))
    colours = [(70, 88, 120), (190, 74, 62), (226, 214, 190), (60, 66, 62), (206, 168, 74)]
    for _ in range(110):
        x, y = chance.gauss(640, 190), chance.gauss(700, 80)
        r = chance.randint(14, 40)
        draw.rounded_rectangle((x - r, y - r, x + r, y + r), r // 3, fill=chance.choice(colours))


def _house(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (150, 184, 210), (226, 230, 226))
    _hills(draw, chance, (104, 132, 96))
    draw.polygon([(280, 420), (640, 240), (1000, 420)], fill=(98, 74, 62))
    draw.rectangle((320, 420, 960, 820), fill=(206, 188, 158))
    draw.rectangle((580, 560, 700, 820), fill=(112, 82, 58))
    x, y = 420, 430
    while y < 800:
        step = (chance.randint(-26, 26), chance.randint(16, 40))
        draw.line((x, y, x + step[0], y + step[1]), fill=(64, 50, 42), width=7)
        x, y = x + step[0], y + step[1]


def _field(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (158, 192, 214), (232, 234, 222))
    _hills(draw, chance, (92, 122, 92))
    draw.rectangle((0, 600, *SIZE), fill=(118, 92, 64))
    for row in range(7):
        y = 620 + row * 50
        for x in range(20, SIZE[0], 64 + row * 6):
            green = (86, 132, 62) if chance.random() < 0.7 else (140, 128, 66)
            draw.ellipse((x, y - 22 - row * 2, x + 36 + row * 4, y + 12), fill=green)


def _mended(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _sky(draw, (176, 200, 216), (234, 234, 226))
    _hills(draw, chance, (116, 144, 108))
    _road(draw, (74, 76, 80))
    for x in (190, 300, 990, 1100):
        draw.polygon([(x, 900), (x + 34, 780), (x + 68, 900)], fill=(222, 108, 52))
        draw.rectangle((x + 14, 836, x + 54, 856), fill=(240, 238, 230))


SCENES: dict[str, Painter] = {
    "lamp": _lamp,
    "pothole": _pothole,
    "water": _water,
    "rubbish": _rubbish,
    "house": _house,
    "field": _field,
    "mended": _mended,
}

BY_GROUP = {
    "roads": "pothole",
    "utilities": "water",
    "environment": "rubbish",
    "housing_land": "house",
    "safety": "house",
    "farming": "field",
}


def draw(scene: str, chance: random.Random) -> bytes:
    """A JPEG of about 100 kB; the same scene never looks quite the same."""
    image = Image.new("RGB", SIZE)
    SCENES[scene](ImageDraw.Draw(image), chance)
    noise = Image.effect_noise(SIZE, 18).convert("RGB")
    image = Image.blend(image.filter(ImageFilter.GaussianBlur(1.4)), noise, 0.06)
    image = image.resize((960, 720))
    out = BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def scene_for(category: str, group: str) -> str | None:
    """What a photo of such a request shows; None where nobody would take one."""
    return "lamp" if category == "street_lamp" else BY_GROUP.get(group)
