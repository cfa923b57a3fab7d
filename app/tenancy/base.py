"""The base of every model whose rows belong to one workshop."""

from typing import ClassVar, TypeVar

from django.db import models

from .scope import PLATFORM, ScopeError, current_scope

Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantManager(models.Manager[Row]):
    """Sees the rows of the workshop in scope; raises outside a scope, so that a forgotten scope is never a leak."""

    def get_queryset(self) -> "models.QuerySet[Row]":
        scope = current_scope()
        if scope is None:
            raise ScopeError(f"{self.model.__name__} was queried outside a workshop's scope")
        rows = super().get_queryset()
        return rows if scope == PLATFORM else rows.filter(workshop_id=scope)


class TenantModel(models.Model):
    """A row of one workshop: filtered by the manager, by row security and by composite foreign keys."""

    # Rights of the application role on the table; an append-only table says "SELECT, INSERT".
    app_rights: ClassVar[str] = "SELECT, INSERT, UPDATE, DELETE"
    #: Columns that tell of the workshop, never of the customer: how it prices. Left out of what a customer is given.
    workshop_only: ClassVar[tuple[str, ...]] = ()

    workshop = models.ForeignKey("tenancy.Workshop", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
