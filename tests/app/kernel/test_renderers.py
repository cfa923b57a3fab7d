"""A field that is drawn once for what it says is never drawn as another one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from app.kernel import renderers
from app.kernel.renderers import MOST_CHOICES, Renderer, of_language

#: One after the other, each different from the one before in one thing that is equal, or nearly, in Python.
FIELDS: list[tuple[forms.Field, dict[str, Any]]] = [
    (forms.CharField(), {}),
    (forms.CharField(), {"use_required_attribute": False}),
    (forms.CharField(), {"prefix": "two"}),
    (forms.CharField(), {"auto_id": "other_%s"}),
    (forms.CharField(required=False), {}),
    (forms.CharField(disabled=True), {}),
    (forms.CharField(label="<b>Text</b>"), {}),
    (forms.CharField(label=mark_safe("<b>Text</b>")), {}),
    (forms.CharField(label=_("Customer")), {}),
    (forms.CharField(help_text="<b>Text</b>"), {}),
    (forms.CharField(max_length=4), {}),
    (forms.CharField(), {"initial": {"one": 1}}),
    (forms.CharField(), {"initial": {"one": True}}),
    (forms.CharField(), {"initial": {"one": "<i>"}}),
    (forms.CharField(), {"initial": {"one": mark_safe("<i>")}}),
    (forms.CharField(), {"initial": {"one": lambda: 7}}),
    (forms.CharField(widget=forms.Textarea), {}),
    (forms.CharField(widget=forms.Textarea(attrs={"rows": 2})), {}),
    (forms.CharField(widget=forms.TextInput(attrs={"data-unit": "kg"})), {}),
    (forms.CharField(widget=forms.TextInput(attrs={"data-x": True})), {}),
    (forms.CharField(widget=forms.TextInput(attrs={"data-x": 1})), {}),
    (forms.CharField(widget=forms.HiddenInput), {}),
    (forms.EmailField(), {}),
    (forms.DecimalField(), {"initial": {"one": "1.50"}}),
    (forms.DecimalField(localize=True), {"initial": {"one": 1.5}}),
    (forms.DateField(), {"initial": {"one": "2026-11-23"}}),
    (forms.BooleanField(), {}),
    (forms.BooleanField(), {"initial": {"one": True}}),
    (forms.BooleanField(widget=forms.CheckboxInput(check_test=lambda _value: True)), {}),
    (forms.ChoiceField(choices=[("", "—"), (1, "un"), (2, "<i>")]), {}),
    (forms.ChoiceField(choices=[("", "—"), (1, "un"), (2, mark_safe("<i>"))]), {}),
    (forms.ChoiceField(choices=[("", "—"), ("Groupe", [(1, "un"), (2, "<i>")])]), {}),
    (forms.ChoiceField(choices=[("", "—"), (True, "un"), (2, "<i>")], initial=True), {}),
    (forms.ChoiceField(choices=[("", "—"), (1, "un"), (2, "<i>")], initial=2), {}),
    (forms.ChoiceField(choices=[("", _("Customer"))], widget=forms.RadioSelect), {}),
    (forms.ChoiceField(choices=lambda: [("", "called")]), {}),
    (forms.ChoiceField(choices=[(number, str(number)) for number in range(MOST_CHOICES + 1)]), {}),
    (forms.CharField(), {"data": {"one": ""}}),
    (forms.CharField(), {"data": {"one": "typed"}}),
]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    renderers._drawn.clear()
    yield
    renderers._drawn.clear()


def drawn(field: forms.Field, given: dict[str, Any], renderer: Any) -> str:
    form_class = type("OneField", (forms.Form,), {"one": field})
    return str(form_class(**given, renderer=renderer)["one"].as_field_group())


@pytest.mark.spec("PRF-03")
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_field_is_drawn_as_if_none_were_kept(language: str) -> None:
    for _time in range(2):
        for field, given in FIELDS:
            with translation.override(language):
                assert drawn(field, given, Renderer()) == drawn(field, given, TemplatesSetting()), (field, given)
    assert len(renderers._drawn) > len(FIELDS) // 2


def test_words_are_those_of_each_language() -> None:
    label = forms.CharField(label="Client", required=False)  # "optional" is said beside
    said = []
    for language in ("fr", "en"):
        with translation.override(language):
            said.append(drawn(label, {}, Renderer()))
    assert said[0] != said[1]


def test_a_field_that_is_asked_for_no_more_says_so() -> None:
    field = forms.CharField()
    asked = drawn(field, {}, Renderer())
    field.required = False
    assert drawn(field, {}, Renderer()) == drawn(field, {}, TemplatesSetting()) != asked


def test_a_field_whose_choices_may_change_or_that_was_answered_is_not_kept() -> None:
    choices = [("", "before")]
    called = forms.ChoiceField(choices=lambda: choices)
    assert "before" in drawn(called, {}, Renderer())
    choices[0] = ("", "after")
    assert "after" in drawn(called, {}, Renderer())
    drawn(forms.CharField(), {"data": {"one": "typed"}}, Renderer())
    assert not renderers._drawn


def test_choices_of_a_language_are_drawn_once_for_each_language_and_value() -> None:
    asked = []

    @of_language
    def greetings() -> list[tuple[str, str]]:
        asked.append(translation.get_language())
        return [("a", {"fr": "Bonjour", "en": "Hello"}[str(translation.get_language())]), ("b", "Salut")]

    for turn in range(2):
        for initial, language in (("a", "fr"), ("a", "en"), ("b", "fr")):
            with translation.override(language):
                field = drawn(forms.ChoiceField(choices=greetings, initial=initial), {}, Renderer())
            assert f'<option value="{initial}" selected>' in field
            assert ("Bonjour" in field, "Hello" in field) == (language == "fr", language == "en")
        assert bool(asked) == (turn == 0)
        asked.clear()


def test_the_same_field_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn(forms.CharField(), {}, Renderer())
    monkeypatch.setattr(renderers.BoundField, "render", None)
    assert drawn(forms.CharField(), {}, Renderer()) == first


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderers, "MOST_KEPT", 3)
    for number in range(10):
        drawn(forms.CharField(), {"initial": {"one": str(number)}}, Renderer())
        assert 0 < len(renderers._drawn) <= 3


class Emptied(dict[Any, Any]):
    """What is kept, where another thread begins again in the very next moment."""

    def __setitem__(self, key: Any, value: Any) -> None:
        self.clear()


def test_another_thread_that_begins_again_takes_nothing_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderers, "_drawn", Emptied())
    assert drawn(forms.CharField(), {}, Renderer()) == drawn(forms.CharField(), {}, TemplatesSetting())
