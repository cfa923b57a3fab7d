"""What editors type and what visitors ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from . import selectors
from .rules import ChangeFacts, bump_problem, notice_problem, parse_version, previous_version


class ReleasePageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """A release and its changes, checked together: the notices that they owe depend on the day of the release."""

    def clean(self) -> Any:
        cleaned = super().clean()
        released_on, changes = cleaned.get("released_on"), self._changes()
        if released_on:
            for form, facts in changes:
                problem = notice_problem(facts, released_on)
                if problem:
                    form.add_error(*problem)
        self._check_number(cleaned.get("version") or "", [facts.kind for _form, facts in changes])
        return cleaned

    def _changes(self) -> list[tuple[Any, ChangeFacts]]:
        formset = self.formsets.get("changes")
        if formset is None:
            return []
        formset.is_valid()
        filled = [form for form in formset.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in filled if not getattr(form, "cleaned_data", {}).get("DELETE")]
        return [
            (form, ChangeFacts(data.get("kind", ""), data.get("announced_on"), data.get("removal_on")))
            for form in kept
            if (data := getattr(form, "cleaned_data", {}))
        ]

    def _check_number(self, text: str, kinds: list[str]) -> None:
        try:
            number = parse_version(text)
        except ValueError:
            return  # said by the page itself
        others = [version for version, _day in selectors.other_versions(self.instance)]
        problem = bump_problem(number, previous_version(number, others), kinds)
        if problem:
            self.add_error("version", problem)


class SubscriptionForm(forms.Form):
    """An address; the second field is for robots only."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    website = forms.CharField(required=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty"))
        return ""
