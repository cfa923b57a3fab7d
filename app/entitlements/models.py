"""What a workshop has been granted, by which source, until when."""

from django.db import models

from app.tenancy.base import TenantModel

from .constants import Feature, Source


class Grant(TenantModel):
    """A feature granted by a trial, a plan, an option or the publisher; `ends_at` None means without end."""

    feature = models.CharField(max_length=40, choices=Feature)
    source = models.CharField(max_length=10, choices=Source)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "feature", "source"], name="one_grant_per_source")]

    def __str__(self) -> str:
        return f"{self.feature} ({self.source})"
