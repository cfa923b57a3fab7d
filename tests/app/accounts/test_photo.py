"""A person's photo: what is kept of the file, who sees it."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from app.accounts.models import User
from app.accounts.photos import LARGEST_BYTES, SIDE, square
from app.kernel.errors import RuleError

pytestmark = [pytest.mark.django_db, pytest.mark.spec("ACT-12")]
PROFILE = "/compte/profil/"
FORM = {"first_name": "Olivia", "last_name": "Roche", "phone": "", "language": "fr", "time_zone": "Europe/Paris",
        "theme": "system"}  # fmt: skip


def jpeg(size: tuple[int, int] = (40, 20)) -> bytes:
    """Red on the left, blue on the right, turned by a quarter by its metadata, taken somewhere."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = image.getexif()
    exif[0x0112] = 6  # orientation: shown turned clockwise
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    exif[0x010F] = "Secret camera"
    output = BytesIO()
    image.save(output, "JPEG", exif=exif)
    return output.getvalue()


def test_the_picture_is_upright_square_and_says_nothing_of_where_it_was_taken() -> None:
    kept = square(jpeg())
    image = Image.open(BytesIO(kept))
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (SIDE, SIDE), {})
    assert b"Secret" not in kept
    top, bottom = image.convert("RGB").getpixel((SIDE // 2, 8)), image.convert("RGB").getpixel((SIDE // 2, SIDE - 8))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg/>", jpeg()[:200], b"\0" * (LARGEST_BYTES + 1)])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(RuleError):
        square(content)


def bomb(side: int) -> bytes:
    """A few bytes that say to be a picture of `side` × `side`."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" * 99))]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [6_400, 9_500, 30_000, 2**31 - 1])  # over ours, Pillow's warning, Pillow's error
def test_a_picture_that_only_unfolds_huge_is_refused_beside_its_field(
    owner_client: Client, owner: object, side: int
) -> None:
    answer = owner_client.post(PROFILE, {**FORM, "photo": SimpleUploadedFile("moi.png", bomb(side), "image/png")})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"photo"}


def test_a_photo_whose_notes_are_damaged_is_kept_as_it_lies() -> None:
    whole = jpeg()
    start = whole.index(b"Exif")
    for place in range(start, start - 2 + int.from_bytes(whole[start - 2 : start])):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        assert Image.open(BytesIO(square(bytes(damaged)))).size == (SIDE, SIDE)


def test_the_photo_shows_in_the_shell_until_it_is_removed(owner_client: Client, owner: object) -> None:
    upload = SimpleUploadedFile("moi.jpg", jpeg(), "image/jpeg")
    assert owner_client.post(PROFILE, {**FORM, "photo": upload}).status_code == 302
    first = User.objects.get(email="olivia@vulcain.test").photo_file_id
    assert f"/compte/photo/{first}/" in owner_client.get("/app/atelier-vulcain/").content.decode()
    answer = owner_client.get(f"/compte/photo/{first}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "private" in answer["Cache-Control"]
    assert owner_client.post(PROFILE, {**FORM, "no_photo": "on"}).status_code == 302
    assert User.objects.get(email="olivia@vulcain.test").photo_file_id is None
    assert "/compte/photo/" not in owner_client.get("/app/atelier-vulcain/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_the_former_photo_go(owner_client: Client) -> None:
    for _photo in range(2):
        owner_client.post(PROFILE, {**FORM, "photo": SimpleUploadedFile("moi.jpg", jpeg(), "image/jpeg")})
    kept = User.objects.get(email="olivia@vulcain.test").photo_file_id
    assert kept is not None
    assert f"{kept.hex}.webp" in storages["private"].listdir("people")[1]
    owner_client.post(PROFILE, {**FORM, "no_photo": "on"})
    assert owner_client.get(f"/compte/photo/{kept}/").status_code == 404


def test_a_refused_photo_changes_nothing(owner_client: Client) -> None:
    upload = SimpleUploadedFile("moi.jpg", b"not a picture", "image/jpeg")
    answer = owner_client.post(PROFILE, {**FORM, "first_name": "Autre", "photo": upload})
    assert answer.status_code == 422
    held = User.objects.get(email="olivia@vulcain.test")
    assert (held.photo_file_id, held.first_name) == (None, "Olivia")


def test_a_visitor_sees_no_photo(client: Client, owner_client: Client) -> None:
    owner_client.post(PROFILE, {**FORM, "photo": SimpleUploadedFile("moi.jpg", jpeg(), "image/jpeg")})
    kept = User.objects.get(email="olivia@vulcain.test").photo_file_id
    assert client.get(f"/compte/photo/{kept}/").status_code == 302
    assert owner_client.post(f"/compte/photo/{kept}/").status_code == 405
