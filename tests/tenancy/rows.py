"""A valid row of any tenant model, made from its fields: a new model is under the isolation tests by itself."""

import uuid
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from app.accounts.models import User
from app.batches.models import Batch, BatchItem
from app.billing.models import CatalogChange, Offer
from app.notify.alerts import AlertCause, AlertLevel
from app.notify.models import Alert
from app.tenancy.base import TenantModel
from app.tenancy.models import Workshop
from tests import factories

_number = count(1)
_VALUES: dict[type[models.Field[Any, Any]], Any] = {
    models.EmailField: lambda: f"ligne{next(_number)}@exemple.test",
    models.UUIDField: uuid.uuid4,
    models.DateTimeField: timezone.now,
    models.DateField: timezone.localdate,
    models.DurationField: lambda: timedelta(days=1),
    models.BooleanField: lambda: False,
    models.JSONField: dict,
    models.BinaryField: lambda: b"x",
    ArrayField: list,
    models.DecimalField: lambda: 1,
    models.IntegerField: lambda: next(_number),
    models.CharField: lambda: f"x{next(_number)}",
    models.TextField: lambda: "x",
}

#: Rows that belong to no workshop, which tenant rows point at.
SHARED: dict[type[models.Model], Any] = {
    User: factories.person,
    CatalogChange: factories.catalog_change,
    Offer: factories.offer,
}


def _batch_item(workshop: Workshop) -> BatchItem:
    """A part in a batch that it goes with: the database refuses any other."""
    part = factories.project(workshop).parts.select_related("powder", "project").get()
    batch = Batch.objects.create(
        workshop=workshop, number=f"x{next(_number)}", site_id=part.project.site_id, powder=part.powder, celsius=180,
        minutes=20,
    )  # fmt: skip
    return BatchItem.objects.create(workshop=workshop, batch=batch, part=part)


def _alert(workshop: Workshop) -> Alert:
    """An alert with the facts that its words need."""
    return Alert.objects.create(
        workshop=workshop, cause=AlertCause.STOCK_LOW, level=AlertLevel.WARNING, subject_kind="item",
        subject_pk=next(_number), subject_label="RAL 7016", facts={"quantity": "2.5", "unit": "kg"}, path="",
        since=timezone.now(),
    )  # fmt: skip


#: Rows whose fields must agree, by a rule of the database or for their page.
COHERENT: dict[type[TenantModel], Any] = {BatchItem: _batch_item, Alert: _alert}


def make_row(model: type[TenantModel], workshop: Workshop) -> Any:
    """Create a row of this model in the workshop; call it in its scope."""
    if model in COHERENT:
        return COHERENT[model](workshop)
    values = {field.name: _value(field, workshop) for field in model._meta.concrete_fields if _is_needed(field)}
    return model.objects.create(workshop=workshop, **values)


def _is_needed(field: "models.Field[Any, Any]") -> bool:
    automatic = field.primary_key or field.name == "workshop" or getattr(field, "auto_now_add", False)
    return not (automatic or field.null or field.has_default())


def _value(field: "models.Field[Any, Any]", workshop: Workshop) -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        if issubclass(target, TenantModel):
            return make_row(target, workshop)
        return SHARED[target]()
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    for kind, make in _VALUES.items():
        if isinstance(field, kind):
            value = make()
            return value[: field.max_length] if isinstance(value, str) and field.max_length else value
    raise LookupError(f"give {field} a value in tests/tenancy/rows.py")
