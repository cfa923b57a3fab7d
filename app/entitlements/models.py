"""What a workshop has been granted, by which source, until when, and how much it has used."""

from django.conf import settings
from django.db import models

from app.tenancy.base import TenantModel

from .constants import Dimension, Feature, Source


class Grant(TenantModel):
    """A feature granted by a trial, a plan, an option or the publisher; `ends_at` None means without end."""

    feature = models.CharField(max_length=40, choices=Feature)
    source = models.CharField(max_length=10, choices=Source)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "feature", "source"], name="one_grant_per_source")]

    def __str__(self) -> str:
        return f"{self.feature} ({self.source})"


class Allowance(TenantModel):
    """How much of a dimension a source allows; `limit` None means unlimited.

    A publisher's allowance replaces the others; otherwise the plan's (or trial's) limit and the options' add up.
    """

    dimension = models.CharField(max_length=30, choices=Dimension)
    source = models.CharField(max_length=10, choices=Source)
    limit = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workshop", "dimension", "source"], name="one_allowance_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.dimension} ≤ {self.limit} ({self.source})"


class Usage(TenantModel):
    """What a workshop has used of a dimension in a period, exact in the transaction of each act.

    `period` is the first instant of the month or hour; the epoch for what counts what exists.
    """

    dimension = models.CharField(max_length=30, choices=Dimension)
    period = models.DateTimeField()
    used = models.PositiveBigIntegerField(default=0)
    warned_at_percent = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workshop", "dimension", "period"], name="one_counter_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.used}"


class UsageDay(TenantModel):
    """The log of use by day (the workshop's clock) and person: what was added and refused.

    `user` is None for what a customer or the product itself caused.
    """

    dimension = models.CharField(max_length=30, choices=Dimension)
    day = models.DateField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added = models.BigIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "dimension", "day", "user"], name="one_line_of_use_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.dimension}: {self.added}"
