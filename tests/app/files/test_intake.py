"""What is taken for a photo, what is refused and in which words, what is thrown away."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageCms

from app.files import intake
from app.files.chunks import unfolds_whole
from app.files.constants import HEIC, MEGABYTE, PHOTO_PIXELS
from app.files.decoding import UnreadableError, jpeg_of
from app.files.intake import take_in
from app.files.sniffing import content_type_of
from app.files.versions import make_versions
from app.kernel.errors import RuleError
from tests.app.projects.pictures import drawn, encoded, photo, telephone_exif

RED = (193, 18, 31)


def is_red(pixel: object) -> bool:
    """Near enough after an encoding."""
    assert isinstance(pixel, tuple)
    return all(abs(int(got) - wanted) < 24 for got, wanted in zip(pixel, RED, strict=False))


def corners(content: bytes) -> list[bool]:
    """Which of the four quarters is the red one, as it is seen: upper left, upper right, lower left, lower right."""
    image = Image.open(BytesIO(content)).convert("RGB")
    places = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.9), (0.9, 0.95)]
    return [is_red(image.getpixel((int(image.width * x), int(image.height * y)))) for x, y in places]


@pytest.mark.spec("PHO-02", "PHO-03")
@pytest.mark.parametrize("encoder", ["JPEG", "PNG", "WEBP"])
def test_the_pixels_stay_and_the_metadata_goes(encoder: str) -> None:
    sent = encoded(drawn(400, 300), encoder, exif=telephone_exif(1))
    taken = take_in(sent)
    before, after = Image.open(BytesIO(sent)), Image.open(BytesIO(taken.content))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    assert b"FabricantSecret" in sent
    assert b"FabricantSecret" not in taken.content
    assert dict(after.getexif()) == {}
    assert (taken.width, taken.height) == (400, 300)


@pytest.mark.spec("PHO-02")
def test_comments_thumbnails_and_what_hides_behind_the_end_go_too() -> None:
    sent = (
        encoded(drawn(400, 300), comment=b"chez Mme Secret", dpi=(72, 72), progressive=True)
        + b"\0\0ftypmp4 film secret"
    )
    taken = take_in(sent)
    assert b"ecret" not in taken.content
    assert taken.content.endswith(b"\xff\xd9")
    Image.open(BytesIO(taken.content)).load()


@pytest.mark.spec("PHO-03")
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("encoder", ["JPEG", "PNG", "WEBP"])
def test_a_turned_photo_is_seen_upright_in_each_version(encoder: str, orientation: int) -> None:
    upright = {1: 0, 2: 1, 3: 3, 4: 2, 5: 0, 6: 1, 7: 3, 8: 2}
    image = Image.new("RGB", (400, 300), "#233038")
    image.paste(RED, (0, 0, 200, 150))
    taken = take_in(encoded(image, encoder, exif=telephone_exif(orientation)))
    assert (taken.width, taken.height) == ((400, 300) if orientation < 5 else (300, 400))
    for version in make_versions(taken.content):
        assert corners(version.content).index(True) == upright[orientation]
        assert (version.width, version.height)[0] == min(taken.width, version.width)
        assert dict(Image.open(BytesIO(version.content)).getexif()) == {}


@pytest.mark.spec("PHO-02")
def test_a_heic_waits_as_it_is_and_becomes_a_jpeg_without_metadata() -> None:
    sent = encoded(drawn(400, 300), "HEIF", exif=telephone_exif(1))
    taken = take_in(sent)
    assert (taken.content, taken.content_type, taken.width, taken.height) == (sent, "image/heic", 400, 300)
    jpeg = jpeg_of(taken.content)
    assert content_type_of(jpeg) == "image/jpeg"
    assert corners(jpeg)[0]
    assert b"FabricantSecret" not in jpeg


@pytest.mark.spec("PHO-02")
def test_a_heic_that_its_process_cannot_decode_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        jpeg_of(encoded(drawn(400, 300), "HEIF")[:400])
    with pytest.raises(UnreadableError):
        jpeg_of(b"")


@pytest.mark.spec("PHO-02")
@pytest.mark.parametrize("content_type", sorted(set(PHOTO_PIXELS) - {HEIC}))  # HEIC: test_decoding
def test_too_many_pixels_are_refused_by_the_header_with_the_limit(content_type: str) -> None:
    side = int((PHOTO_PIXELS[content_type] * 1.01) ** 0.5)
    image = Image.new("L", (side, side)) if content_type == "image/png" else Image.new("RGB", (side, side))
    options = {"quality": 10, "method": 0} if content_type != "image/png" else {}
    sent = encoded(image, intake.FORMATS[content_type], **options)
    with pytest.raises(RuleError, match=f"{PHOTO_PIXELS[content_type] // 1_000_000} million"):
        take_in(sent)


@pytest.mark.spec("PHO-02", "SEC-10")
@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-1.7 facture", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 60, b"MZ\x90\0 programme", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x18ftypheic" + b"\0" * 40, b"\xff\xd8\xff\xe0" + b"\xff" * 400, b"PK\x03\x04" + b"\0" * 60,
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(RuleError) as refusal:
        take_in(content)
    assert refusal.value.message
    assert refusal.value.field == "file"


@pytest.mark.spec("PHO-02")
@pytest.mark.parametrize("encoder", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_photo_is_refused(encoder: str, share: float) -> None:
    sent = encoded(drawn(600, 400), encoder)
    with pytest.raises(RuleError):
        take_in(sent[: int(len(sent) * share)])


@pytest.mark.spec("PHO-02")
@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_progressive_photo_is_refused_by_its_markers(share: float) -> None:
    sent = encoded(drawn(600, 400), progressive=True)
    with pytest.raises(RuleError):
        take_in(sent[: int(len(sent) * share)])


@pytest.mark.parametrize(
    ("progressive", "first_scan", "expected"),
    [(False, b"", False), (True, b"", True), (False, b"\xff\xda\0\x08\x01\x01\0\0\x3f\0", True)],
)
def test_a_jpeg_that_only_unfolds_whole_is_told_by_its_markers(
    progressive: bool, first_scan: bytes, expected: bool
) -> None:
    sent = encoded(drawn(64, 48), progressive=progressive)
    scan = sent.index(b"\xff\xda")
    assert unfolds_whole(sent[:scan] + first_scan + sent[scan:]) is expected


@pytest.mark.spec("PHO-02")
@pytest.mark.parametrize("encoder", ["PNG", "WEBP"])
def test_an_animation_is_refused_as_one(encoder: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "green")]
    sent = encoded(frames[0], encoder, save_all=True, append_images=frames[1:], duration=80)
    with pytest.raises(RuleError) as refusal:
        take_in(sent)
    assert "nim" in refusal.value.message


@pytest.mark.spec("PHO-02", "SEC-10")
def test_a_bomb_is_refused_by_its_size_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = encoded(Image.new("1", (7200, 7200)), "PNG", optimize=True)
    far = encoded(Image.new("1", (20_000, 20_000)), "PNG", optimize=True)  # the library itself gives up there
    assert max(len(sent), len(far)) < 100_000
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("it was unfolded"))
    with pytest.raises(RuleError) as refusal:
        take_in(sent)
    assert "50" in refusal.value.message
    with pytest.raises(RuleError) as refusal:
        take_in(far)
    assert "50" in refusal.value.message


@pytest.mark.spec("PHO-02")
def test_more_than_ten_megabytes_are_refused_with_the_size() -> None:
    with pytest.raises(RuleError) as refusal:
        take_in(photo(200, 200) + b"\0" * (12 * MEGABYTE))
    assert "12" in refusal.value.message
    assert "10" in refusal.value.message


@pytest.mark.spec("PHO-03")
@pytest.mark.parametrize(
    ("mode", "encoder"),
    [("CMYK", "JPEG"), ("L", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("1", "PNG"), ("LA", "PNG"),
     ("I;16", "PNG"), ("RGBA", "WEBP")],
)  # fmt: skip
def test_every_kind_of_colour_becomes_a_photo(mode: str, encoder: str) -> None:
    image = Image.new("I;16", (400, 300), 40_000) if mode == "I;16" else drawn(400, 300, mode)
    taken = take_in(encoded(image, encoder))
    versions = list(make_versions(taken.content))
    assert [version.size for version in versions] == ["large", "medium", "medium", "thumbnail"]
    assert all(Image.open(BytesIO(version.content)).mode == "RGB" for version in versions)
    if mode in ("CMYK", "RGBA"):
        assert corners(versions[0].content)[0]


def test_a_profile_is_kept_with_the_original_and_applied_to_the_versions() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    taken = take_in(encoded(drawn(400, 300), icc_profile=profile))
    assert Image.open(BytesIO(taken.content)).info["icc_profile"] == profile
    assert len(list(make_versions(taken.content))) == 4  # a profile of another kind of picture is left aside


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_metadata_that_nobody_can_read_goes_and_the_photo_stays() -> None:
    sent = encoded(drawn(400, 300), exif=b"Exif\0\0II*\0\xff\xff\xff\xffsecret")
    taken = take_in(sent)
    assert b"secret" not in taken.content


def test_a_photo_that_is_damaged_in_the_middle_is_said_to_be_unreadable_by_the_worker() -> None:
    sent = bytearray(encoded(drawn(600, 400), "PNG"))
    sent[len(sent) // 2] ^= 0xFF
    with pytest.raises(RuleError):
        take_in(bytes(sent))
    with pytest.raises(UnreadableError):
        list(make_versions(b"RIFF\x10\0\0\0WEBPVP8 \x04\0\0\0abcd"))


def test_our_own_orientation_is_read_back() -> None:
    taken = take_in(photo(orientation=8))
    assert Image.open(BytesIO(taken.content)).getexif()[ExifTags.Base.Orientation] == 8
    assert intake.take_in(taken.content).content == taken.content
