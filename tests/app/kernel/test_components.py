"""What is kept of a component says what the component says, for whoever asks."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django_cotton.compiler_regex import CottonCompiler

from app.kernel.templatetags import components

PAGES = (
    '<c-pill tone="{{ tone }}">{{ said }}</c-pill>',
    '<c-card title="{{ said }}" :flush="True"><c-slot name="actions">{{ said }}</c-slot>a{{ said }}b</c-card>',
    '<c-card title="{{ said }}"><c-slot name="actions">{% if no %}{{ said }}{% endif %}</c-slot></c-card>',
    '<c-button variant="primary" href="{{ said }}" data-what="{{ said }}" wide>{{ said }}</c-button>',
    '<c-timeline-item title="{{ said }}" tone="{{ tone }}"></c-timeline-item>',
    '<c-menu id="more" label="{{ said }}"><c-slot name="trigger">{{ said }}</c-slot>{{ said }}</c-menu>',
    '<c-banner :tone="tone">{{ said }}<c-pill>{{ said }}</c-pill></c-banner>',
    '<c-table caption="{{ said }}" :scroll="number">{{ number }}</c-table>',
    '<c-progress value="{{ number }}" max="7" label="{{ said }}" />',
    '<c-select name="{{ said }}" label="{{ said }}" :value="absent"><option>{{ said }}</option></c-select>',
    '<c-skeleton /><c-kbd>{{ said }}</c-kbd><c-breadcrumb current="{{ said }}"><li>{{ said }}</li></c-breadcrumb>',
)
SAID = ("Portail", "<b>1 & 2</b>", mark_safe("<b>1</b>"), "", " ", "\0slot\0", '"', 1, True, None)


def template(source: str) -> Template:
    return Template(CottonCompiler().process(source))


@pytest.mark.parametrize("page", PAGES)
def test_what_is_kept_says_what_cotton_says(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [(said, template(page).render(Context(given(said)))) for said in (*SAID, *SAID)]
    monkeypatch.setattr(components, "_stands_alone", lambda _found: False)
    for said, kept in drawn:
        assert template(page).render(Context(given(said))) == kept, said


def given(said: object) -> dict[str, object]:
    return {"said": said, "tone": "warn", "number": 3}


def test_it_is_drawn_once_for_the_same_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    page = template('<c-pill tone="{{ tone }}">{{ said }}</c-pill>')
    page.render(Context(given("a")))
    monkeypatch.setattr(Template, "render", None)  # what draws a component that is not kept
    assert page.nodelist.render(Context(given("b"))).strip() == '<span class="pill pill-warn " >b</span>'


def test_nothing_of_the_page_gets_into_what_is_kept() -> None:
    page = template('<c-banner title="a">b</c-banner>')
    assert "Secret" not in page.render(Context({"attrs": "Secret", "slot": "Secret", "note": "Secret", "x": "Secret"}))


def test_each_language_has_its_own() -> None:
    page, said = template('<c-dialog id="one" title="a">b</c-dialog>'), {}
    for language in ("fr", "en", "fr", "en"):
        with translation.override(language):
            said[language] = page.render(Context())
    assert ("Fermer" in said["fr"], "Close" in said["en"]) == (True, True)


def test_a_form_s_token_is_each_reader_s() -> None:
    page = template('<c-confirm id="one" title="a" action="/" confirm="Yes">b</c-confirm>')
    for token in ("1" * 64, "2" * 64):
        assert token in page.render(Context({"csrf_token": token}))


def test_a_text_that_is_marked_safe_is_another_one() -> None:
    page = template('<c-card :title="said">a</c-card>')
    drawn = [page.render(Context({"said": said})) for said in ("<i>", SafeString("<i>"), "<i>")]
    assert ["&lt;i&gt;" in text for text in drawn] == [True, False, True]
