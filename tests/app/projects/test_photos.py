"""Photos of a project: taken in, made smaller, captioned, drawn over, discarded."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from app.audit.models import AuditEntry
from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.files.models import StoredFile
from app.files.selectors import count_stored_bytes
from app.files.services import read_file
from app.kernel.errors import RuleError
from app.projects.constants import PhotoMoment
from app.projects.marks import Mark, shapes_of
from app.projects.models import Photo, PhotoVersion, Project
from app.projects.selectors import list_parts, list_steps
from app.projects.services.photos import add_photo, discard_photo, draw_marks, edit_caption, restore_photo
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories

from . import pictures


@pytest.fixture
def project(in_scope: Workshop) -> Project:
    return factories.project(in_scope)


@pytest.fixture
def photo(in_scope: Workshop, project: Project, actor: Actor, django_capture_on_commit_callbacks: Any) -> Photo:
    """A photo with its versions."""
    with django_capture_on_commit_callbacks(execute=True):
        added = add_photo(
            workshop=in_scope, actor=actor, project=project, content=pictures.photo(), name="IMG_1.jpg",
            moment=PhotoMoment.BEFORE, part=list_parts(project)[0], step=list_steps(project)[0],
        )  # fmt: skip
    added.refresh_from_db()
    return added


@pytest.mark.spec("PHO-03", "PHO-05")
def test_the_original_is_kept_and_three_sizes_are_made_and_counted(in_scope: Workshop, photo: Photo) -> None:
    assert photo.state == "ready"
    made = {(v.size, v.content_type): max(v.width, v.height) for v in PhotoVersion.objects.all()}
    assert made == {
        ("large", "image/webp"): 1600,
        ("medium", "image/webp"): 1280,
        ("medium", "image/jpeg"): 1280,
        ("thumbnail", "image/webp"): 320,
    }
    assert StoredFile.objects.count() == 5
    assert get_quota(in_scope, Dimension.STORAGE).used == count_stored_bytes() > 0


@pytest.mark.spec("PHO-02", "SEC-10", "PRV-10")
def test_what_is_kept_says_neither_where_nor_by_which_name(photo: Photo) -> None:
    for stored in StoredFile.objects.all():
        content = read_file(stored.public_id)
        assert b"FabricantSecret" not in content
        assert not Image.open(BytesIO(content)).getexif().get_ifd(0x8825)
        assert "IMG" not in stored.name
        assert stored.name.startswith(f"photo-{photo.project.number}-1")


@pytest.mark.spec("PHO-01")
def test_a_photo_says_who_when_and_where_it_belongs(photo: Photo, actor: Actor) -> None:
    assert (photo.added_by_name, photo.added_by_id, photo.number) == ("Olivia Roche", actor.user_id, 1)
    assert (photo.width, photo.height) == (1600, 1200)
    entry = AuditEntry.objects.get(action="photo.added")
    assert entry.changes == {"photo": 1, "moment": "before"}


@pytest.mark.parametrize("shift", [timedelta(days=365), timedelta(days=-365)])
def test_a_clock_wrong_by_a_year_is_not_believed_and_is_told(
    in_scope: Workshop, project: Project, actor: Actor, shift: timedelta
) -> None:
    said = timezone.now() + shift
    added = add_photo(
        workshop=in_scope, actor=actor, project=project, content=pictures.photo(400, 300), name="a.jpg",
        moment=PhotoMoment.AFTER, taken_at=said,
    )  # fmt: skip
    assert abs(added.taken_at - timezone.now()) < timedelta(minutes=1)
    assert AuditEntry.objects.get(action="photo.added").changes["clock_of_device"] == said.isoformat()


def test_a_part_of_another_project_is_refused(in_scope: Workshop, project: Project, actor: Actor) -> None:
    elsewhere = list_parts(factories.project(in_scope))[0]
    with pytest.raises(RuleError):
        add_photo(
            workshop=in_scope, actor=actor, project=project, content=pictures.photo(400, 300), name="a.jpg",
            moment=PhotoMoment.STEP, part=elsewhere,
        )  # fmt: skip
    assert not Photo.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.spec("A11-04")
def test_a_photo_without_a_caption_is_told_by_what_it_shows(in_scope: Workshop, photo: Photo, actor: Actor) -> None:
    assert photo.description == f"Before · {photo.step} · {photo.part}" or photo.description.startswith("Avant · ")
    edited = edit_caption(workshop=in_scope, actor=actor, photo=photo, caption="  Rayure   à gauche ")
    assert edited.description == "Rayure à gauche"
    assert AuditEntry.objects.get(action="photo.captioned").changes["caption"] == ["", "Rayure à gauche"]


@pytest.mark.spec("PHO-08")
def test_a_wrong_photo_is_discarded_with_a_reason_and_keeps_its_files(
    in_scope: Workshop, photo: Photo, actor: Actor
) -> None:
    with pytest.raises(RuleError):
        discard_photo(workshop=in_scope, actor=actor, photo=photo, reason="  ")
    for _ in range(2):
        held = discard_photo(workshop=in_scope, actor=actor, photo=photo, reason="Mauvaise pièce")
    assert (held.discard_reason, held.discarded_by_name) == ("Mauvaise pièce", "Olivia Roche")
    assert StoredFile.objects.count() == 5
    assert restore_photo(workshop=in_scope, actor=actor, photo=photo).discarded_at is None
    actions = ("photo.discarded", "photo.restored")
    assert [AuditEntry.objects.filter(action=action).count() for action in actions] == [1, 1]


@pytest.mark.spec("PHO-01", "WSM-04")
def test_drawings_are_a_layer_over_an_unchanged_image_and_the_last_one_wins(
    in_scope: Workshop, photo: Photo, actor: Actor
) -> None:
    before = read_file(photo.original.public_id) if photo.original else b""
    arrow = {"shape": "arrow", "colour": "ember", "points": [[10, 10], [500, 1200.4]]}
    held, crossed = draw_marks(workshop=in_scope, actor=actor, photo=photo, marks=[arrow], version=0)
    assert (held.marks_version, crossed) == (1, False)
    assert held.marks == [{"shape": "arrow", "colour": "ember", "points": [[10, 10], [500, 1000]]}]
    note = {"shape": "text", "colour": "white", "points": [[3, 4]], "text": " coulure "}
    held, crossed = draw_marks(workshop=in_scope, actor=actor, photo=photo, marks=[note], version=0)
    assert (held.marks_version, crossed, held.marks[0]["text"]) == (2, True, "coulure")
    entry = AuditEntry.objects.filter(action="photo.marked").latest("pk")
    assert entry.changes["replaced"][0]["shape"] == "arrow"
    assert photo.original and read_file(photo.original.public_id) == before


@pytest.mark.parametrize(
    "marks",
    [
        "pen", {"shape": "pen"}, [1], [{"shape": "pen"}], [{"shape": "pen", "colour": "ember", "points": []}],
        [{"shape": "spiral", "colour": "ember", "points": [[1, 1], [2, 2]]}],
        [{"shape": "arrow", "colour": "url(x)", "points": [[1, 1], [2, 2]]}],
        [{"shape": "arrow", "colour": "ember", "points": [[1, 1]]}],
        [{"shape": "text", "colour": "ember", "points": [[1, 1]]}],
        [{"shape": "text", "colour": "ember", "points": [[1, 1]], "text": "x" * 81}],
        [{"shape": "pen", "colour": "ember", "points": [["1", True]]}],
        [{"shape": "pen", "colour": "ember", "points": [[float("nan"), 1]]}],
        [{"shape": "pen", "colour": "ember", "points": [[1, 1]] * 601}],
        [{"shape": "circle", "colour": "ember", "points": [[1, 1], [2, 2]]}] * 61,
    ],
)  # fmt: skip
def test_a_layer_that_is_not_one_is_refused(in_scope: Workshop, photo: Photo, actor: Actor, marks: object) -> None:
    with pytest.raises(RuleError):
        draw_marks(workshop=in_scope, actor=actor, photo=photo, marks=marks, version=0)
    photo.refresh_from_db()
    assert (photo.marks, photo.marks_version) == ([], 0)


@pytest.mark.spec("PHO-01")
@pytest.mark.parametrize(("x", "anchor"), [(0, "start"), (400, "start"), (501, "end"), (1000, "end")])
def test_a_note_stays_in_the_picture_however_long_it_is(x: int, anchor: str) -> None:
    for text in ("Run", "À surveiller : ancienne soudure", "x" * 80):
        mark: Mark = {"shape": "text", "colour": "white", "points": [[x, 500]], "text": text}
        [shape] = shapes_of([mark], 1600, 1200)
        assert (shape.anchor, shape.y) == (anchor, "375.0")
        room = x if anchor == "end" else 1000 - x
        assert shape.size * 0.58 * len(text) <= room or shape.size == 14


def test_every_shape_is_drawn_within_the_proportions_of_its_picture() -> None:
    pen: Mark = {"shape": "pen", "colour": "blue", "points": [[5, 5]]}
    ring: Mark = {"shape": "circle", "colour": "blue", "points": [[500, 500], [600, 500]]}
    arrow: Mark = {"shape": "arrow", "colour": "blue", "points": [[0, 0], [1000, 1000]]}
    paths = [shape.path for shape in shapes_of([pen, ring, arrow], 400, 800)]
    assert paths[0] == "M5 10.0L5 10.0"
    assert paths[1] == "M400.0 1000.0a100.0 100.0 0 1 0 200.0 0a100.0 100.0 0 1 0 -200.0 0"
    assert paths[2].startswith("M0 0.0L1000 2000.0M")
