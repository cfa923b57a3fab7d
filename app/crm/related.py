"""What refers to a customer, found from the models: this app stands below quotes and projects and names none."""

from typing import Any

from django.db.models import ForeignKey, ManyToOneRel, Model, QuerySet

from .models import Customer, CustomerLink


def references() -> "list[ForeignKey[Any, Any]]":
    """Every foreign key to a customer, the links to their space left out."""
    fields = Customer._meta.get_fields(include_hidden=True)
    keys = [field.field for field in fields if isinstance(field, ManyToOneRel)]
    return [key for key in keys if key.model is not CustomerLink]


def rows_of(key: "ForeignKey[Any, Any]", customer: Customer) -> "QuerySet[Model]":
    """The rows that refer to a customer by this key."""
    return key.model._default_manager.filter(**{key.name: customer})
