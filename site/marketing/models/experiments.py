"""Two wordings of one page, compared: which one makes more visitors ask for the trial.

Each time the page is drawn for somebody, one of the two is drawn by lot; nothing is written in their browser and
nothing is kept about them, so there is nothing to consent to: only sums by day (docs/algorithms/experiments.md).
"""

from dataclasses import dataclass
from typing import Any

from cms.page_cache import VARIANTS, drawn_variant
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Page

MEASURED_PAGES = ["marketing.HomePage", "marketing.TopicPage", "marketing.LandingPage"]


@dataclass(frozen=True, slots=True)
class Variant:
    """What one visitor reads: `letter` a (the page as it is) or b, the words that replace its own ("" for none)."""

    experiment_pk: int
    letter: str
    title: str
    call: str

    @property
    def campaign(self) -> str:
        """The name that the sign-ups are counted under."""
        return campaign_of(self.experiment_pk, self.letter)


def campaign_of(experiment_pk: int, letter: str) -> str:
    """The name of a wording among the campaigns."""
    return f"essai-{experiment_pk}-{letter}"


class Experiment(models.Model):
    """The page as it is (A) against other words for its great title, for its call to try, or for both (B)."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For editors; visitors do not see it."))
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    title_b = models.CharField(_("other great title"), max_length=90, blank=True)
    call_b = models.CharField(
        _("other words of the call to try"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^\D*\Z", _("No figure is typed: {days} becomes the length of the trial."))],
        help_text=_("{days} becomes the length of the trial."),
    )
    is_running = models.BooleanField(
        _("running"), default=False, help_text=_("Off: everybody reads the page as it is.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    panels = [
        FieldPanel("name"),
        PageChooserPanel("page", MEASURED_PAGES),
        FieldPanel("title_b"),
        FieldPanel("call_b"),
        FieldPanel("is_running"),
    ]

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("A/B test")
        verbose_name_plural = _("A/B tests")
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=models.Q(is_running=True),
                name="one_running_experiment_per_page",
                violation_error_message=_("Another test is running on this page: stop it first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not (self.title_b or self.call_b):
            raise ValidationError({"title_b": _("Give another title, other words for the call, or both.")})
        before = Experiment.objects.filter(pk=self.pk, days__isnull=False).first()
        if before and (before.page_id, before.title_b, before.call_b) != (self.page_id, self.title_b, self.call_b):
            raise ValidationError(_("This test has been measured with other words: make a new one for these."))


class ExperimentDay(models.Model):
    """How often one wording was read that day, and how often its call was pressed: sums, nothing about anybody."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="days")
    variant = models.CharField(max_length=1, choices=[(letter, letter) for letter in VARIANTS])
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("day of an A/B test")
        constraints = [
            models.UniqueConstraint(fields=["experiment", "variant", "day"], name="one_sum_per_variant_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id}{self.variant} {self.day}"


def variant_for(page: Any, request: HttpRequest) -> Variant | None:
    """The wording drawn for this visitor; None when the page is not measured or is drawn for a person in particular."""
    running = Experiment.objects.filter(page_id=page.pk, is_running=True).first()
    letter = drawn_variant(request) if running else ""
    if running is None or not letter:
        return None
    is_other = letter != VARIANTS[0]
    return Variant(running.pk, letter, running.title_b if is_other else "", running.call_b if is_other else "")
