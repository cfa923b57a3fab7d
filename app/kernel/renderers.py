"""The renderer of forms: a field that nobody has answered yet is drawn once for what it says.

The same empty fields stand on page after page (dialogs, filters, new objects), and drawing one takes ten times as long
as finding it again.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import boolean_check
from django.template import Engine
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: Those that say nothing but their attributes, their choices and their value; no other is kept, nor a subclass.
PLAIN: Final = frozenset(
    (
        forms.TextInput,
        forms.EmailInput,
        forms.NumberInput,
        forms.DateInput,
        forms.Textarea,
        forms.Select,
        forms.RadioSelect,
        forms.CheckboxInput,
    )
)
MOST_CHOICES: Final = 100
#: Of some kB each; when there are more, one begins again.
MOST_KEPT: Final = 2048
_drawn: dict[tuple[Any, ...], SafeString] = {}
_of_language: set[Callable[[], Any]] = set()
Choices = TypeVar("Choices", bound=Callable[[], Any])


def of_language(choices: Choices) -> Choices:
    """For a function that gives the choices of a field, the same ones for a language: they need not be looked at."""
    _of_language.add(choices)
    return choices


class _Varies(Exception):
    """Something of the field is no plain value: it may change while it stays the same object."""


class KeptField(BoundField):
    """A field of a form; `{{ field.as_field_group }}` draws it with its label, once for what it says."""

    def render(self, template_name: Any = None, context: Any = None, renderer: Any = None) -> SafeString:
        try:
            key = None if template_name or context or renderer else self._key()
        except _Varies:
            key = None
        if key is None:
            return super().render(template_name, context, renderer)
        drawn = _drawn.get(key)
        if drawn is None:
            if len(_drawn) >= MOST_KEPT:  # another thread may be reading what it has found
                _drawn.clear()
            drawn = _drawn[key] = super().render()
        return drawn

    def _key(self) -> tuple[Any, ...] | None:
        """All that the drawing is made of; None for a form that was answered."""
        form, field, widget = self.form, self.field, self.field.widget
        if type(widget) not in PLAIN or form.is_bound or form.errors or field.show_hidden_initial:
            return None
        # Development loads a template anew when its file changes: another object, another key.
        shown_by = Engine.get_default().get_template(self.template_name)
        switches = (field.required, field.disabled, field.localize, form.use_required_attribute)
        said = (_said(self.label), _said(self.help_text), _said(self.value()), self.css_classes())
        of_widget = tuple([(name, _state(value)) for name, value in vars(widget).items()])
        return (shown_by, get_language(), type(widget), self.html_name, self.auto_id, *switches, *said, of_widget)


def _state(value: Any) -> Any:
    """What a widget holds: its attributes, its choices, its switches."""
    if value is boolean_check:  # of a tick
        return value
    if isinstance(value, CallableChoiceIterator) and value.func in _of_language:
        return value.func
    if isinstance(value, dict):
        return tuple([(name, _said(one)) for name, one in value.items()])
    if not isinstance(value, list | tuple):
        return _said(value)
    if len(value) > MOST_CHOICES:
        raise _Varies
    return tuple([_state(one) for one in value])


def _said(value: Any) -> tuple[type, str]:
    """A plain value as it is written, and its type: a text and the same one marked safe are equal."""
    if isinstance(value, Promise):
        value = str(value)
    if value is not None and not isinstance(value, str | bool | int | Decimal | date):
        raise _Varies
    return type(value), "".join([str(value)])


class Renderer(TemplatesSetting):
    """FORM_RENDERER: the project's templates, and fields that are kept."""

    bound_field_class = KeptField
