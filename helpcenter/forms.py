"""What readers send."""

from django import forms

from .constants import LONGEST_QUERY, LONGEST_REMARK


class JudgementForm(forms.Form):
    """Was this useful, and what was missing."""

    path = forms.RegexField(regex=r"^/aide/[\w/#-]{1,200}$", max_length=255)
    useful = forms.ChoiceField(choices=(("oui", "oui"), ("non", "non")))
    remark = forms.CharField(max_length=LONGEST_REMARK, required=False)


class ReadingForm(forms.Form):
    """The article that was opened."""

    path = forms.RegexField(regex=r"^/aide/[\w/-]{1,200}$", max_length=255)


class MissedForm(forms.Form):
    """Words that found nothing."""

    q = forms.CharField(min_length=3, max_length=LONGEST_QUERY)
