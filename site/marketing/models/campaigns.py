"""How many people each campaign brings, day by day: sums, without anything about anybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignDay(models.Model):
    """The visits that a campaign brought one day."""

    campaign = models.CharField(_("campaign"), max_length=40)
    day = models.DateField(_("day"))
    visits = models.PositiveIntegerField(_("visits"), default=0)

    class Meta:
        verbose_name = _("day of a campaign")
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="one_sum_per_campaign_and_day")]
        ordering = ["-day", "campaign"]

    def __str__(self) -> str:
        return f"{self.campaign} {self.day}"
