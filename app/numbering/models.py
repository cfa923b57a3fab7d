"""The format that a workshop has chosen for a series of numbers."""

from django.db import models

from app.tenancy.base import TenantModel


class NumberFormat(TenantModel):
    """One series' pattern, such as `D{yy}{month}-{number:4}`."""

    series = models.CharField(max_length=20)
    pattern = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "series"], name="one_format_per_series")]

    def __str__(self) -> str:
        return self.pattern
