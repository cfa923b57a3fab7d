"""The largest photos, and the process that they are unfolded in: what it takes, what its bound stops."""

import re
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from app.files import decoder, decoding, versions
from app.files.constants import HEIC, JPEG, PNG, WEBP
from app.files.decoder import TOO_LARGE, webp_pixels
from app.files.decoding import DECODER, TooLargeError, UnreadableError, jpeg_of, pixels_of
from app.files.intake import FORMATS, take_in
from app.files.versions import LARGEST_SIDE, make_versions
from app.kernel.errors import RuleError
from tests.app.projects.pictures import drawn, encoded

TELEPHONE = (8192, 6144)  # the most that a "50 megapixel" sensor gives
#: Half a minute of an encoder's work: grey, its upper left quarter red, at the size of a telephone.
SAMPLE = (Path(__file__).parent / "fifty_megapixels.heic").read_bytes()
#: The decoder with a byte of memory for each pixel: far less than any picture needs.
STARVED = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("decoder", sys.argv[1])
decoder = module_from_spec(spec)
spec.loader.exec_module(decoder)
decoder.MEMORY_PIXEL = dict.fromkeys(decoder.MEMORY_PIXEL, 1)
del sys.argv[1]
sys.exit(decoder.main())
"""


def telephone_photo(content_type: str) -> bytes:
    """A smooth photo of the largest size."""
    if content_type == HEIC:
        return SAMPLE
    image = Image.new("RGB", TELEPHONE, "#7b8790")
    image.paste("#c1121f", (0, 0, TELEPHONE[0] // 2, TELEPHONE[1] // 2))
    options: dict[str, dict[str, Any]] = {
        JPEG: {"progressive": True},
        PNG: {"compress_level": 1},
        WEBP: {"quality": 30, "method": 0},
    }
    return encoded(image, FORMATS[content_type], **options[content_type])


@pytest.fixture(scope="module", params=[HEIC, JPEG, PNG, WEBP])
def sent(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """A format with its largest photo."""
    return request.param, telephone_photo(request.param)


def with_size(width: int, height: int) -> bytes:
    """The sample whose header says another size."""
    said = b"ispe\0\0\0\0" + struct.pack(">II", width, height)
    return re.sub(rb"ispe\0{4}.{8}", lambda _found: said, SAMPLE, flags=re.DOTALL)


@pytest.mark.spec("PHO-02", "PHO-03")
def test_fifty_megapixels_are_taken_and_reduced(sent: tuple[str, bytes]) -> None:
    taken = take_in(sent[1])
    assert (taken.content_type, taken.width, taken.height) == (sent[0], *TELEPHONE)
    content = jpeg_of(taken.content) if sent[0] == HEIC else taken.content
    assert Image.open(BytesIO(content)).size == TELEPHONE
    large = next(make_versions(content))
    assert (large.width, large.height) == (LARGEST_SIDE, LARGEST_SIDE * 3 // 4)
    image = Image.open(BytesIO(large.content)).convert("RGB")
    red, grey = image.getpixel((900, 700)), image.getpixel((2000, 1500))
    assert isinstance(red, tuple)
    assert isinstance(grey, tuple)
    assert red[0] > 150 > 60 > red[1]
    assert max(grey) - min(grey) < 40


@pytest.mark.spec("PHO-02", "SEC-10")
def test_what_unfolds_whole_is_not_decoded_where_it_is_sent_to(
    sent: tuple[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("it was unfolded"))
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _self: pytest.fail("it was unfolded"))
    assert take_in(sent[1]).width == TELEPHONE[0]
    with pytest.raises(UnreadableError):
        pixels_of(sent[1][: len(sent[1]) // 2], sent[0], LARGEST_SIDE)


@pytest.mark.spec("PHO-02")
@pytest.mark.parametrize("content_type", [HEIC, PNG, WEBP])
def test_fifty_one_megapixels_are_refused(content_type: str) -> None:
    size = (8280, 6160)  # 51.0 million
    if content_type == HEIC:
        content = with_size(*size)
    else:
        fast = {"quality": 1, "method": 0}  # the second is for WebP, which would take four times as long
        content = encoded(Image.new("L" if content_type == PNG else "RGB", size), FORMATS[content_type], **fast)
    with pytest.raises(RuleError, match="50 million"):
        take_in(content)
    with pytest.raises(TooLargeError):  # nor is it unfolded by who did not look
        jpeg_of(content) if content_type == HEIC else pixels_of(content, content_type, LARGEST_SIDE)


@pytest.mark.spec("SEC-10")
def test_a_picture_that_takes_more_memory_than_its_bound_is_stopped(sent: tuple[str, bytes]) -> None:
    command = [sys.executable, "-I", "-c", STARVED, str(DECODER), FORMATS[sent[0]], "50500000", "2560"]
    done = subprocess.run(command, input=sent[1], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (TOO_LARGE, b"")


@pytest.mark.spec("SEC-10")
def test_a_bomb_whose_header_lies_is_stopped() -> None:
    bomb = with_size(400, 300)  # 50 million pixels behind a small header
    assert (take_in(bomb).width, take_in(bomb).height) == (400, 300)
    with pytest.raises(TooLargeError):
        jpeg_of(bomb)


@pytest.mark.spec("SEC-10")
def test_a_picture_whose_process_the_system_takes_away_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_away = tmp_path / "taken_away.py"
    taken_away.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(decoding, "DECODER", taken_away)
    with pytest.raises(TooLargeError):
        pixels_of(encoded(drawn(40, 30), "PNG"), PNG, LARGEST_SIDE)


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_pixels_of_a_webp_are_known_from_its_head(mode: str, lossless: bool) -> None:
    image = drawn(403, 301, "RGB")
    if mode == "RGBA":
        image.putalpha(128)  # a canvas and a picture; without, the picture alone
    assert webp_pixels(encoded(image, "WEBP", lossless=lossless)) == 403 * 301


def test_what_is_no_picture_is_unreadable() -> None:
    for content_type in (PNG, WEBP):
        with pytest.raises(UnreadableError) as refusal:
            pixels_of(b"not a picture", content_type, LARGEST_SIDE)
        assert not isinstance(refusal.value, TooLargeError)


def test_a_transparent_photo_is_laid_on_white_without_a_seam() -> None:
    image = Image.new("RGBA", (5300, 1300), (193, 18, 31, 128))  # reduced by two, in several strips
    small = pixels_of(encoded(image, "PNG", compress_level=1), PNG, LARGEST_SIDE)
    assert small.size == (2560, 628)
    assert small.getextrema() == ((224, 224), (136, 136), (143, 143))


@pytest.mark.spec("PHO-03")
@pytest.mark.parametrize(
    ("size", "more_scans", "apart"), [((600, 400), 0, False), ((600, 400), 6, False), ((600, 400), 7, True), ((3700, 3600), 0, True)]
)  # fmt: skip
def test_a_progressive_photo_has_a_process_of_its_own_when_it_is_large_or_has_many_scans(
    size: tuple[int, int], more_scans: int, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirteen million pixels are held by the worker as well; thousands of scans would hold the worker for minutes."""
    sent = encoded(Image.new("RGB", size, "#c1121f"), progressive=True)
    scan = sent.rindex(b"\xff\xda")
    sent = sent[:scan] + sent[scan:-2] * (1 + more_scans) + sent[-2:]
    asked: list[str] = []
    monkeypatch.setattr(versions, "pixels_of", lambda *args: asked.append(args[1]) or pixels_of(*args))
    large = next(make_versions(sent))
    assert (asked == [JPEG], (large.width, large.height)) == (apart, decoder.fitting(size, LARGEST_SIDE))
    red = Image.open(BytesIO(large.content)).convert("RGB").getpixel((5, 5))
    assert isinstance(red, tuple)
    assert red[0] > 150 > 60 > red[1]
