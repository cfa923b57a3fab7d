"""Model forms over tenant rows, with numbers taken as people write them.

Django builds the choices of a foreign key when the form's class is made, outside any scope. A form says
`formfield_callback = tenant_formfield` in its Meta and sets each choice's queryset from a selector in `__init__`.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst

from app.kernel.formfields import SpacedDecimalField, SpacedIntegerField

from .base import TenantModel


def tenant_formfield(field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """The form field of a model field; a key to a tenant row starts without choices."""
    if isinstance(field, models.DecimalField):
        return field.formfield(form_class=SpacedDecimalField, **options)
    if isinstance(field, models.IntegerField):
        return field.formfield(form_class=SpacedIntegerField, **options)
    if not isinstance(field, models.ForeignKey) or not issubclass(field.related_model, TenantModel):
        return field.formfield(**options)
    return forms.ModelChoiceField(
        queryset=None,
        required=not field.blank,
        label=capfirst(field.verbose_name),
        help_text=field.help_text,
        **options,
    )


def limit_choices(
    form: forms.BaseForm, name: str, rows: "models.QuerySet[Any]", shown: Iterable[Any] | None = None
) -> None:
    """Accept only these rows for a key; `shown` replaces the list on screen (groups, or a search instead of a list)."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    if shown is not None:
        field.choices = shown
