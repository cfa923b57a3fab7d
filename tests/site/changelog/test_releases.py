"""Release notes: versions, notices that are owed, feeds."""

import json
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from changelog.models import Change, ChangelogPage, ReleasePage
from changelog.rules import ChangeFacts, Version, bump_problem, notice_problem, order_problem, parse_version
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import factories
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
DAY = date(2026, 12, 15)


def release(version: str, released_on: date, *changes: Change, live: bool = True) -> ReleasePage:
    page = ReleasePage(title=f"Version {version}", version=version, released_on=released_on, live=live,
                       slug=f"v{version.replace('.', '-')}")  # fmt: skip
    page.changes = list(changes)
    ChangelogPage.objects.get().add_child(instance=page)
    return page


@pytest.mark.spec("OPS-07")
@pytest.mark.parametrize("text", ["1", "1.2", "01.2.3", "1.2.3-rc1", "v", "1.2.3.4", "", "a.b.c", "1.-2.3"])
def test_only_semantic_versions_are_taken(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse_version(text)


@pytest.mark.spec("OPS-07")
def test_versions_are_ordered_as_numbers() -> None:
    versions = ["0.9.0", "0.10.0", "1.0.0", "v1.0.10", "1.0.9"]
    assert [str(number) for number in sorted(map(parse_version, versions))] == [
        "0.9.0",
        "0.10.0",
        "1.0.0",
        "1.0.9",
        "1.0.10",
    ]


@pytest.mark.spec("OPS-07")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        (ChangeFacts("breaking"), "announced_on"),
        (ChangeFacts("breaking", announced_on=date(2026, 11, 16)), "announced_on"),
        (ChangeFacts("breaking", announced_on=date(2026, 11, 15)), None),
        (ChangeFacts("deprecation"), "removal_on"),
        (ChangeFacts("deprecation", removal_on=date(2027, 3, 14)), "removal_on"),
        (ChangeFacts("deprecation", removal_on=date(2027, 3, 15)), None),
        (ChangeFacts("feature"), None),
    ],
)
def test_breaking_changes_owe_thirty_days_and_removals_ninety(change: ChangeFacts, field: str | None) -> None:
    problem = notice_problem(change, DAY)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("version", "previous", "kinds", "refused"),
    [
        ("1.3.0", "1.2.0", ["breaking"], True),
        ("2.0.0", "1.2.0", ["breaking"], False),
        ("0.3.1", "0.3.0", ["breaking"], True),
        ("0.4.0", "0.3.0", ["breaking"], False),
        ("1.2.1", "1.2.0", ["feature"], True),
        ("1.2.1", "1.2.0", ["fix", "improvement"], False),
        ("1.3.0", "1.2.9", ["deprecation"], False),
        ("0.1.0", None, ["breaking"], False),
    ],
)
def test_the_number_says_what_the_release_holds(
    version: str, previous: str | None, kinds: list[str], refused: bool
) -> None:
    before = parse_version(previous) if previous else None
    assert bool(bump_problem(parse_version(version), before, kinds)) is refused


@pytest.mark.parametrize(
    ("version", "day", "refused"),
    [("1.1.0", date(2026, 2, 1), True), ("1.3.0", date(2025, 12, 1), True), ("1.2.0", date(2026, 3, 1), True),
     ("1.3.0", date(2026, 2, 1), False), ("1.2.1", date(2026, 1, 1), False)],
)  # fmt: skip
def test_versions_and_dates_go_up_together(version: str, day: date, refused: bool) -> None:
    others = [(Version(1, 2, 0), date(2026, 1, 1))]
    assert bool(order_problem(parse_version(version), day, others)) is refused


@pytest.mark.spec("OPS-07")
def test_a_release_without_its_notice_cannot_be_written_by_any_door() -> None:
    with pytest.raises(ValidationError) as refused:
        release("1.0.0", DAY, Change(kind="breaking", title="L’ancienne adresse s’arrête", announced_on=DAY))
    assert "announced_on" in refused.value.error_dict
    assert not ReleasePage.objects.filter(version="1.0.0").exists()


def test_two_releases_cannot_have_one_version() -> None:
    release("1.0.0", DAY)
    with pytest.raises(ValidationError):
        release("v1.0.0", date(2026, 12, 20))


def _typed(version: str, **change: Any) -> dict[str, Any]:
    fields = {
        "kind": "fix",
        "title": "Un changement",
        "text": "",
        "announced_on": "",
        "removal_on": "",
        "ORDER": "1",
        "DELETE": "",
        **change,
    }
    return nested_form_data(
        {
            "title": f"Version {version}", "slug": f"v{version.replace('.', '-')}", "version": version, "released_on": "2026-12-15",
            "summary": "Résumé", "seo_title": "", "search_description": "", "social_image": "", "show_in_menus": "",
            "comments": inline_formset([]), "changes": inline_formset([fields]), "action-publish": "1",
        }
    )  # fmt: skip


@pytest.mark.spec("BOF-22")
@pytest.mark.spec("OPS-07")
@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        (_typed("0.2.0", kind="feature"), None),
        (_typed("0.1.1", kind="feature"), "version"),
        (_typed("0.2", kind="fix"), "version"),
        (_typed("0.2.0", kind="breaking"), "announced_on"),
        (_typed("0.2.0", kind="deprecation", removal_on="2027-01-01"), "removal_on"),
        (_typed("0.2.0", kind="deprecation", removal_on="2027-04-01"), None),
    ],
)
def test_an_editor_publishes_a_release_and_is_told_what_it_owes(
    client: Client, typed: dict[str, Any], refused: str | None
) -> None:
    editor = factories.person(email="edith@thermo.test")
    type(editor).objects.filter(pk=editor.pk).update(is_superuser=True, is_staff=True)
    factories.add_second_factor(editor)
    client.force_login(editor, backend="app.accounts.backends.PersonBackend")
    parent = ChangelogPage.objects.get()
    response = client.post(f"/cms/pages/add/changelog/releasepage/{parent.pk}/", typed)
    made = ReleasePage.objects.exclude(version="0.1.0")
    if refused is None:
        assert response.status_code == 302
        assert made.get().live
        return
    assert response.status_code == 200
    assert not made.exists()
    form = response.context["form"]
    assert refused in form.errors or refused in form.formsets["changes"].forms[0].errors


@pytest.mark.spec("SIT-19")
def test_the_page_shows_releases_by_version_with_their_kinds(client: Client) -> None:
    release("0.2.0", DAY, Change(kind="fix", title="Le total s’arrondit"), Change(kind="feature", title="Les lots"),
            Change(kind="deprecation", title="L’ancien export", removal_on=date(2027, 6, 1)))  # fmt: skip
    release("0.3.0", date(2027, 1, 15), live=False)
    client.get("/nouveautes/")
    with at_most(15):
        body = client.get("/nouveautes/").content.decode()
    assert re.findall(r'<h2 id="v\d+"><a href="[^"]+">([^<]+)', body) == ["0.2.0", "0.1.0"]
    assert body.index("L’ancien export") < body.index("Les lots") < body.index("Le total s’arrondit")
    assert "1 juin 2027" in body.replace("\xa0", " ")
    assert client.get("/changelog/").headers["Location"] == "/nouveautes/"


@pytest.mark.spec("SIT-19")
@pytest.mark.parametrize(("name", "entry"), [("rss", "item"), ("atom", "{http://www.w3.org/2005/Atom}entry")])
def test_feeds_follow_the_releases(client: Client, name: str, entry: str) -> None:
    release("0.2.0", DAY, Change(kind="fix", title="Un <b>défaut</b>"))
    root = ElementTree.fromstring(client.get(f"/nouveautes/flux/{name}/").content)
    found = list(root.iter(entry))
    assert len(found) == 2
    assert "Un &lt;b&gt;défaut" in ElementTree.tostring(found[0], encoding="unicode").replace("&amp;", "&")


def test_a_release_has_its_page(client: Client) -> None:
    body = client.get("/nouveautes/v0-1-0/").content.decode()
    assert "Signature en ligne" in body
    [data] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', body)
    assert "TechArticle" in {node["@type"] for node in json.loads(data)["@graph"]}


def test_supplied_releases_keep_the_rules_that_editors_keep() -> None:
    from changelog.content.copy import RELEASES

    versions = [parse_version(version) for version in RELEASES]
    days = [supplied["released_on"] for supplied in RELEASES.values()]
    assert versions == sorted(versions)
    assert days == sorted(days)
