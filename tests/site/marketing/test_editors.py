"""Those who write and those who publish: drafts, schedule, workflow, second factor, pictures, what cannot be typed."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cms import blocks
from cms.editors import CHIEF, WRITER
from cms.editors import load as load_editors
from cms.models import Call, FaqSet, PublisherSettings
from cms.screens import SCREENS
from cms.tasks import publish_scheduled
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from marketing.models import HomePage, LegalPage, TopicPage
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Page, Site

from app.accounts.models import User
from app.billing.models import Offer
from app.tenancy.scope import platform_scope
from devtools.paths import REPOSITORY
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def person(group: str, *, second_factor: bool = True) -> User:
    user = factories.person()
    user.groups.add(Group.objects.get(name=group))
    if second_factor:
        factories.add_second_factor(user)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="app.accounts.backends.PersonBackend")
    return client


@pytest.fixture
def writer() -> Client:
    return browser(person(WRITER))


@pytest.fixture
def chief() -> Client:
    return browser(person(CHIEF))


@pytest.fixture
def about() -> TopicPage:
    return TopicPage.objects.get(slug="a-propos")


def edit(client: Client, page: TopicPage, **changes: Any) -> Any:
    """Send the editor's own form, as the browser would, with these changes."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(url).context["form"]
    data = {"title": page.title, "slug": page.slug, "eyebrow": page.eyebrow, "hero_title": page.hero_title,
            "hero_text": page.hero_text, "seo_title": page.seo_title, "search_description": page.search_description,
            "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}  # fmt: skip
    assert form is not None
    return client.post(url, {**data, **changes})


@pytest.mark.parametrize("group", [WRITER, CHIEF])
def test_an_editor_without_a_second_factor_is_sent_to_add_one(group: str) -> None:
    answer = browser(person(group, second_factor=False)).get("/cms/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("accounts:second_factor")
    assert browser(person(group)).get("/cms/").status_code == 200


def test_a_customer_of_the_product_is_no_editor(owner_client: Client) -> None:
    assert owner_client.get("/cms/").status_code == 302
    assert owner_client.get("/cms/pages/").status_code == 302


@pytest.mark.spec("SIT-01")
def test_a_writer_s_draft_is_seen_by_nobody_until_the_chief_approves_it(
    client: Client, writer: Client, chief: Client, about: TopicPage
) -> None:
    assert edit(writer, about, hero_title="Un brouillon secret").status_code == 302
    assert "Un brouillon secret" not in client.get("/a-propos/").content.decode()
    edit(writer, about, hero_title="Un brouillon secret", **{"action-publish": "1"})
    assert "Un brouillon secret" not in client.get("/a-propos/").content.decode(), "a writer does not publish"
    edit(writer, about, hero_title="Une page relue", **{"action-submit": "1"})
    state = Page.objects.get(pk=about.pk).current_workflow_state
    assert state is not None
    assert state.workflow.name == "Relecture"
    task = state.current_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[about.pk, "approve", task.pk])
    writer.post(approve, {"comment": ""})
    assert "Une page relue" not in client.get("/a-propos/").content.decode(), "a writer does not approve"
    chief.post(approve, {"comment": ""})
    assert "Une page relue" in client.get("/a-propos/").content.decode()


@pytest.mark.spec("SIT-01")
def test_what_is_scheduled_is_published_by_the_beat_at_its_time(client: Client, about: TopicPage) -> None:
    task = settings.CELERY_BEAT_SCHEDULE["scheduled pages"]
    assert task == {"task": "cms.publish_scheduled", "schedule": 60.0}
    about.hero_title, about.go_live_at = "À l’heure dite", timezone.now() + timedelta(hours=1)
    revision = about.save_revision(user=factories.person())
    revision.publish()
    publish_scheduled()
    assert "À l’heure dite" not in client.get("/a-propos/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
    assert "À l’heure dite" in client.get("/a-propos/").content.decode()


def test_the_preview_shows_the_draft_in_the_language_of_the_page(writer: Client) -> None:
    english = TopicPage.objects.get(slug="about")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[english.pk])
    data = {"title": english.title, "slug": english.slug, "eyebrow": "", "hero_title": "A preview", "hero_text": "Text",
            "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}  # fmt: skip
    assert writer.post(url, data).json()["is_valid"]
    shown = writer.get(url).content.decode()
    assert "A preview" in shown
    assert '<html lang="en"' in shown


def test_the_roles_are_made_once_and_an_administrator_s_changes_stay() -> None:
    group = Group.objects.get(name=WRITER)
    group.permissions.clear()
    load_editors()
    assert not group.permissions.exists()


@pytest.mark.parametrize(("group", "allowed"), [(WRITER, False), (CHIEF, True)])
def test_only_the_chief_changes_the_publisher_s_identity_and_the_redirects(group: str, allowed: bool) -> None:
    user = person(group)
    for permission in ("cms.change_publishersettings", "wagtailredirects.add_redirect", "marketing.change_story"):
        assert user.has_perm(permission) is allowed
    site = Site.objects.get(is_default_site=True)
    url = reverse("wagtailsettings:edit", args=["cms", "publishersettings", site.pk])
    assert browser(user).get(url).status_code == (200 if allowed else 302)


@pytest.mark.spec("LEG-14")
def test_publishing_a_legal_text_with_a_missing_value_warns_and_publishes(chief: Client, client: Client) -> None:
    page = LegalPage.objects.get(slug="cgu")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "help-warning" in chief.get(url).content.decode()
    data = {"title": "Conditions", "slug": "cgu", "document": "terms", "version": "2026-12", "changes": "",
            "effective_on": "2026-11-21", "seo_title": "", "search_description": "", "body-count": "1",
            "body-0-type": "prose", "body-0-order": "0", "body-0-deleted": "", "body-0-id": "",
            "body-0-value": '{"blocks":[{"key":"a","text":"Nous, {company}.","type":"unstyled","depth":0,'
            '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}  # fmt: skip
    told = [str(message) for message in get_messages(chief.post(url, data).wsgi_request)]
    assert any("valeurs" in message or "missing values" in message for message in told), told
    assert "2026-12" in client.get("/cgu/").content.decode()
    assert "cgu" in chief.get("/cms/").content.decode().lower()


@pytest.mark.spec("SIT-05")
def test_no_block_and_no_page_has_a_place_to_type_a_price() -> None:
    for block in (blocks.Plans(), blocks.Comparison(), blocks.Uptime()):
        assert set(block.child_blocks) == {"title", "introduction", "sunken"}
        assert block.meta.help_text
    names = [name for model in (HomePage, TopicPage, LegalPage) for name in [f.name for f in model._meta.fields]]
    assert not [name for name in names if "price" in name or "prix" in name]


@pytest.mark.spec("SIT-05", "SIT-20")
def test_plans_on_the_home_page_and_the_comparison_follow_the_catalogue(client: Client) -> None:
    with platform_scope():
        Offer.objects.filter(key="lite").update(price_excl_tax="57.30")
    assert "57,30" in client.get("/").content.decode()
    assert "57.30" in client.get("/en/").content.decode()
    assert "Lite et Pro" in client.get("/fonctionnalites/").content.decode()


@pytest.mark.spec("SIT-02", "SEO-11")
def test_figures_are_counted_and_hidden_below_their_threshold(client: Client, about: TopicPage) -> None:
    about.body = [("figures", {"title": "Nous comptons", "introduction": "", "sunken": False, "items": [
        {"count": "workshops", "threshold": 3, "label": "ateliers"},
        {"count": "this_week", "threshold": 2, "label": "cette semaine"}]})]  # fmt: skip
    about.save_revision(user=factories.person()).publish()
    factories.workshop()
    assert "Nous comptons" not in client.get("/a-propos/").content.decode()
    factories.workshop()
    body = client.get("/a-propos/").content.decode()
    assert "cette semaine" in body
    assert "<dt>ateliers</dt>" not in body
    factories.workshop()
    assert "<dt>ateliers</dt><dd>3</dd>" in client.get("/a-propos/").content.decode()


def test_markup_typed_in_any_field_comes_out_as_words(client: Client, about: TopicPage) -> None:
    about.title = about.eyebrow = about.hero_title = about.hero_text = about.search_description = EVIL
    item = {"title": EVIL, "text": EVIL}
    shared = FaqSet.objects.create(name="x", items=[("question", item)])
    about.body = [
        ("benefits", {"title": EVIL, "introduction": EVIL, "items": [{**item, "icon": "fire"}] * 2}),
        ("feature", {"icon": "fire", "title": EVIL, "text": EVIL, "points": [EVIL], "screen": "day", "description": EVIL,
                     "anchor": "x"}),
        ("reasons", {"title": EVIL, "introduction": EVIL, "items": [item] * 2}),
        ("journey", {"title": EVIL, "introduction": EVIL, "items": [item] * 3}),
        ("showcase", {"title": EVIL, "introduction": EVIL, "screen": "day", "description": EVIL}),
        ("faq", {"title": EVIL, "introduction": EVIL, "items": [item], "shared": shared}),
        ("plans", {"title": EVIL, "introduction": EVIL}),
        ("comparison", {"title": EVIL, "introduction": EVIL}),
        ("passage", {"text": f"<p>{EVIL}</p><h2>Un titre</h2>", "sunken": False}),
        ("trial_call", {"title": EVIL, "text": EVIL}),
        ("shared_call", Call.objects.create(name="x", title=EVIL, text=EVIL)),
    ]  # fmt: skip
    about.save_revision(user=factories.person()).publish()
    body = client.get("/a-propos/").content.decode()
    assert "alert(&quot;x&quot;)" in body
    assert "<img src=x" not in body
    assert "<script>alert" not in body
    assert "<h2>Un titre</h2>" in body


def shot(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "#c2410c").save(content, kind)
    return content.getvalue()


def sent(content: bytes, name: str = "photo.png") -> Any:
    """The form by which an editor uploads a picture."""
    form = get_image_form(get_image_model())
    data = {"title": "Photo", "collection": "1", "tags": ""}
    return form(
        data, {"file": SimpleUploadedFile(name, content, "image/png")}, user=User(is_superuser=True, is_active=True)
    )


def test_a_good_picture_is_kept_and_shown_in_modern_formats(client: Client, about: TopicPage) -> None:
    form = sent(shot((900, 700)))
    assert form.is_valid(), form.errors
    image = form.save()
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 100, 100, 50, 50
    image.save()
    about.body = about._meta.get_field("body").to_python(
        [{"type": "picture", "value": {"image": {"image": image.pk, "alt_text": "Un four", "decorative": False},
                                       "caption": "Notre four"}}]
    )  # fmt: skip
    about.save_revision(user=factories.person()).publish()
    body = client.get("/a-propos/").content.decode()
    figure = body.partition("<picture>")[2].partition("</picture>")[0]
    assert 'type="image/avif"' in figure
    assert 'type="image/webp"' in figure
    assert 'loading="lazy"' in figure
    assert 'width="' in figure and 'height="' in figure and "sizes=" in figure
    address = figure.rpartition('src="')[2].partition('"')[0]
    assert b"".join(client.get(address).streaming_content)[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "vide.png"),
        (b"ce n'est pas une image", "faux.png"),
        (shot((400, 400))[:-400], "coupee.png"),
        (shot((400, 400), "JPEG")[:600], "coupee.jpg"),
        (shot(), "photo.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "photo.svg"),
        (b"\0" * (11 * 1024 * 1024), "lourde.png"),
    ],
)
def test_a_picture_that_is_broken_disguised_or_too_heavy_is_refused_with_its_reason(content: bytes, name: str) -> None:
    form = sent(content, name)
    assert not form.is_valid()
    assert form.errors["file"]


def test_a_compression_bomb_is_refused_before_it_is_opened() -> None:
    form = sent(shot((9000, 5000)))
    assert not form.is_valid()
    assert form.errors["file"]


@pytest.mark.parametrize("path", ["images/rien.jpg", "../../../etc/passwd", "autre/x.jpg", "documents/x.pdf", ""])
def test_the_folder_of_pictures_gives_pictures_only(client: Client, path: str) -> None:
    assert client.get(f"/media/{path}").status_code in (400, 404)


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_every_screen_that_an_editor_may_choose_has_its_pictures_at_the_size_said(name: str) -> None:
    for theme in ("light", "dark"):
        with Image.open(REPOSITORY / "assets" / "images" / "screens" / f"{name}-{theme}.webp") as picture:
            assert picture.size == (SCREENS[name].width, SCREENS[name].height)


def test_every_block_can_be_previewed_or_says_that_it_needs_content(writer: Client) -> None:
    for _name, block in blocks.sections():
        assert block.meta.label
        assert block.meta.icon
        assert block.meta.template


@pytest.fixture(autouse=True)
def no_media_left(tmp_path: Any, settings: Any) -> Iterator[None]:
    """Pictures of tests go away with them."""
    settings.MEDIA_ROOT = tmp_path
    yield


def test_the_publisher_s_settings_are_made_of_what_the_law_names() -> None:
    assert {"company", "registration", "office", "director", "host"} <= set(PublisherSettings.VALUES)
