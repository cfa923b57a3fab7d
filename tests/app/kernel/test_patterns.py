"""The pattern page, the form renderer and the small tags that components use."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler
from pytest_django import Settings

from app.accounts.models import User
from app.kernel.templatetags.interface import browser_name, finish_pattern, initials, theme_of
from app.kernel.views import PATTERN_PAGES

pytestmark = pytest.mark.django_db


class WeighingForm(forms.Form):
    gross = forms.DecimalField(
        label="Gross weight", help_text="Carton included.", widget=forms.TextInput({"data-unit": "kg"})
    )
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")


def test_a_visitor_does_not_see_the_pattern_page(client: Client) -> None:
    assert client.get("/patterns/").status_code == 404


def test_a_member_of_a_workshop_does_not_see_the_pattern_page(owner_client: Client) -> None:
    assert owner_client.get("/patterns/components/").status_code == 404


@pytest.mark.parametrize("name", PATTERN_PAGES)
def test_the_staff_sees_every_pattern_page_with_its_components_rendered(
    client: Client, person: User, name: str
) -> None:
    person.is_staff = True
    person.save()
    client.force_login(person, backend="app.accounts.backends.PersonBackend")
    response = client.get(f"/patterns/{name}/")
    body = response.content.decode()
    assert response.status_code == 200
    assert "<c-" not in body
    assert "<svg" in body


def test_an_unknown_pattern_page_is_not_found(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert client.get("/patterns/settings/").status_code == 404


@pytest.mark.spec("A11-05")
def test_each_error_stands_beside_its_field_and_in_a_summary_that_leads_to_it() -> None:
    body = str(WeighingForm({"gross": "heavy"}))
    assert 'href="#id_gross"' in body
    assert 'href="#id_agreed"' in body
    field = re.search(r'<input[^>]*name="gross"[^>]*>', body)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="id_gross_helptext id_gross_error"' in field[0]
    for target in ("id_gross", "id_gross_helptext", "id_gross_error", "id_kind", "id_agreed"):
        assert body.count(f'id="{target}"') == 1, target


@pytest.mark.spec("A11-05")
def test_a_form_without_errors_has_no_summary_and_marks_what_is_optional() -> None:
    body = str(WeighingForm())
    assert "error-summary" not in body
    assert body.count("field-optional") == 1
    assert '<span class="field-unit" aria-hidden="true">kg</span>' in body


@pytest.mark.spec("A11-05")
def test_the_unit_of_a_field_is_told_with_its_name() -> None:
    class Measured(forms.Form):
        surface = forms.DecimalField(label="Surface", widget=forms.NumberInput(attrs={"data-unit": "m²"}))

    html = str(Measured())
    assert '<span>Surface<span class="sr-only"> (m²)</span></span>' in html
    assert '<span class="field-unit" aria-hidden="true">m²</span>' in html


def test_an_error_message_cannot_bring_markup() -> None:
    form = WeighingForm({"gross": "1"})
    form.add_error("gross", "<script>alert(1)</script>")
    assert "<script>" not in str(form)


def test_what_a_user_typed_stays_text_in_a_component() -> None:
    source = """<c-powder name="{{ name }}" colour="{{ name }}" />
      <c-avatar name="{{ name }}" /><c-field name="a" value="{{ name }}" />"""
    body = Template(CottonCompiler().process(source)).render(Context({"name": '"><script>alert(1)</script>'}))
    assert "&lt;script&gt;" in body
    assert "<script>" not in body


@pytest.mark.parametrize(
    ("user_theme", "cookie", "shown"),
    [(None, None, "system"), (None, "dark", "dark"), (None, "x' onload='", "system"), ("light", "dark", "light")],
)
def test_the_theme_is_the_persons_then_the_devices_then_the_systems(
    user_theme: str | None, cookie: str | None, shown: str
) -> None:
    request = RequestFactory().get("/")
    request.user = User(theme=user_theme) if user_theme else AnonymousUser()
    if cookie:
        request.COOKIES["theme"] = cookie
    assert theme_of(request) == shown


def test_a_page_without_a_request_follows_the_system() -> None:
    assert theme_of("") == theme_of(None) == "system"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Olivia Roche", "OR"),
        ("Jean de la Tour", "JT"),
        ("paul@exemple.test", "pe"),
        ("Vulcain", "V"),
        ("", ""),
        ("- !", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14; Tab) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_session_shows_its_browser_in_two_words(said: str, name: str) -> None:
    assert browser_name(said) == name


@pytest.mark.parametrize(("finish", "drawing"), [("Satin", "satin"), ("texturé", "grain"), ("mat", ""), (None, "")])
def test_the_drawing_of_a_finish(finish: str | None, drawing: str) -> None:
    assert finish_pattern(finish) == drawing


def test_templates_bring_no_inline_script_style_or_handler() -> None:
    """A strict content-security policy refuses them; scripts of data (JSON) are not executed."""
    found = []
    for path in Path(project.ROOT, "templates").rglob("*.html"):
        if "email" in path.parts or "pdf" in path.parts or "documents" in path.parts:
            continue
        text = path.read_text()
        if re.search(r"<style|\sstyle=\"|\son[a-z]+=\"|javascript:", text):
            found.append(str(path))
        found += [str(path) for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "json" not in tag]
    assert found == []


def test_error_pages_render_without_a_request() -> None:
    """The 500 page has neither context processors nor a database."""
    for name in ("400", "403", "404", "500"):
        body = get_template(f"{name}.html").render()
        assert "<h1>" in body
        assert "<c-" not in body
