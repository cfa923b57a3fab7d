"""Parsing of photos: what is sent, captions, reasons, drawings, settings."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from app.tenancy.formfields import limit_choices

from .constants import CAPTION_LONGEST, ConsentMeans, PhotoMoment
from .models import Part, Photo, PhotoSettings, Project, Step

LAYER_LONGEST = 200_000  # characters; sixty strokes of the pen take less


class PhotoForm(forms.Form):
    """Where the photos that are sent belong."""

    moment = forms.ChoiceField(label=_("Moment"), choices=PhotoMoment)
    part: "forms.ModelChoiceField[Part]" = forms.ModelChoiceField(label=_("Part"), queryset=None, required=False)
    step: "forms.ModelChoiceField[Step]" = forms.ModelChoiceField(label=_("Step"), queryset=None, required=False)
    caption = forms.CharField(label=_("Caption"), max_length=CAPTION_LONGEST, required=False)
    taken_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    #: Of the photo, when it is sent alone.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, project: Project, parts: Iterable[Part] = (), steps: Iterable[Step] = (), **kwargs: Any
    ) -> None:
        """`parts` and `steps` are those of the project, for a form that is shown."""
        super().__init__(*args, **kwargs)
        shown_parts = [("", _("Whole project")), *((part.pk, str(part)) for part in parts)]
        shown_steps = [("", _("No step")), *((step.pk, str(step)) for step in steps)]
        limit_choices(self, "part", Part.objects.filter(project=project), shown_parts)
        limit_choices(self, "step", Step.objects.filter(project=project), shown_steps)


class CaptionForm(forms.ModelForm):
    """The caption of a photo."""

    class Meta:
        model = Photo
        fields = ["caption"]


class LayerField(forms.JSONField):
    """What was drawn; far longer or deeper than one can draw, it is not read."""

    def to_python(self, value: Any) -> Any:
        unreadable = ValidationError(_("These annotations cannot be read."))
        if len(value or "") > LAYER_LONGEST:
            raise unreadable
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise unreadable from error


class MarksForm(forms.Form):
    """The layer drawn over a photo, and the version of it that its author had seen."""

    marks = LayerField()
    version = forms.IntegerField(min_value=0)


class PhotoSettingsForm(forms.ModelForm):
    """What the workshop does with its photos."""

    class Meta:
        model = PhotoSettings
        fields = ["shown_to_customers", "watermark", "attached_to_ready", "archive_after_months"]


class ConsentForm(forms.Form):
    """How a customer told the workshop that they agree to see their photos online."""

    means = forms.ChoiceField(
        label=_("How they agreed"),
        choices=[choice for choice in ConsentMeans.choices if choice[0] != ConsentMeans.PORTAL],
    )
