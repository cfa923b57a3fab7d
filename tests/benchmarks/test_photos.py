"""The three WebP versions of a photo, beside the plain chains that one would write without thinking of it.

`test_product` also makes the JPEG fallback. pyvips is measured when it happens to be installed; it is no dependency.
"""

import importlib
import importlib.util
import random
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from app.files.versions import SIZES, make_versions

SIDES = [(4032, 3024), (8160, 6120)]


@cache
def telephone_photo(size: tuple[int, int]) -> bytes:
    """A photo with the grain, the edges and the weight of a telephone's."""
    chance = random.Random(7016)
    image = Image.effect_noise((size[0] // 6, size[1] // 6), 46).resize(size, Image.Resampling.BICUBIC).convert("RGB")
    pencil = ImageDraw.Draw(image)
    for _ in range(900):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        colour = tuple(chance.randrange(30, 230) for _ in range(3))
        pencil.rectangle((x, y, x + chance.randrange(20, 500), y + chance.randrange(4, 120)), fill=colour)
    output = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(output, "JPEG", quality=88)
    return output.getvalue()


def product(content: bytes) -> list[bytes]:
    return [version.content for version in make_versions(content)]


def chained(content: bytes) -> list[bytes]:
    """The fastest chain of Pillow that was measured: draft, each version from the one before, little effort."""
    image = Image.open(BytesIO(content))
    image.draft("RGB", (SIZES[0][1], SIZES[0][1] * 3 // 4))
    done = []
    for _size, side, quality in SIZES:
        image.thumbnail((side, side), reducing_gap=2.0)
        done.append(_webp(image, quality, 2))
    return done


def plain(content: bytes) -> list[bytes]:
    """Each version from the original, with the defaults."""
    done = []
    for _size, side, quality in SIZES:
        image = Image.open(BytesIO(content)).convert("RGB")
        image.thumbnail((side, side))
        done.append(_webp(image, quality, 4))
    return done


def libvips(content: bytes) -> list[bytes]:
    """Shrink on load, each version from the file, as libvips advises."""
    vips: Any = importlib.import_module("pyvips")
    return [
        vips.Image.thumbnail_buffer(content, side).webpsave_buffer(Q=quality, effort=2)
        for _size, side, quality in SIZES
    ]


def _webp(image: Image.Image, quality: int, effort: int) -> bytes:
    output = BytesIO()
    image.save(output, "WEBP", quality=quality, method=effort)
    return output.getvalue()


@pytest.mark.parametrize("chain", ["product", "chained", "plain", "libvips"])
@pytest.mark.parametrize("size", SIDES, ids=["12MP", "50MP"])
def test_versions(benchmark: Any, size: tuple[int, int], chain: str) -> None:
    if chain == "libvips" and importlib.util.find_spec("pyvips") is None:
        pytest.skip("pyvips is not installed")
    chains = {"product": product, "chained": chained, "plain": plain, "libvips": libvips}
    benchmark.group = f"versions of a photo of {size[0] * size[1] // 1_000_000} million pixels"
    done = benchmark.pedantic(chains[chain], args=(telephone_photo(size),), rounds=5, warmup_rounds=1)
    assert len(done) >= len(SIZES)
