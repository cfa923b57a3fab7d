"""The fields of forms say what Django's own templates say."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.utils.safestring import mark_safe

CHOICES = [("", "—"), (1, "<un>"), (2, mark_safe("<b>deux</b>")), ("Groupe & co", [("3", "trois"), ("4", 'qua"tre')])]


class Fields(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, initial="2")
    several = forms.MultipleChoiceField(choices=CHOICES, initial=["1", "3"])
    plain = forms.CharField(
        max_length=10, initial='<"é">', widget=forms.TextInput(attrs={"data-x": True, "data-y": False})
    )
    number = forms.DecimalField(initial="1.50", localize=True)
    day = forms.DateField(initial="2026-11-23")
    ticked = forms.BooleanField(initial=True)
    long = forms.CharField(widget=forms.Textarea, initial="<a>\n\nb")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize("name", list(Fields.base_fields))
@pytest.mark.parametrize("typed", [None, {"one": "9", "several": ["4"], "plain": "x" * 20, "number": "a", "day": "b"}])
def test_a_field_is_drawn_as_django_draws_it(name: str, typed: dict[str, object] | None) -> None:
    ours, theirs = (str(Fields(typed, renderer=renderer())[name]) for renderer in (TemplatesSetting, DjangoTemplates))
    assert closed(ours) == closed(theirs)


def closed(drawn: str) -> str:
    """Without the spaces that stand between the lines of a list."""
    return re.sub(r"\s*(</?(?:option|optgroup|select)\b)", r"\1", drawn)
