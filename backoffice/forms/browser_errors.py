"""What a page says of an error."""

from typing import Any

from django import forms

MOST = {"message": 300, "page": 300, "stack": 6_000}


class BrowserErrorForm(forms.Form):
    """An error without a message says nothing; the rest is shortened rather than refused."""

    message = forms.CharField()
    page = forms.CharField(required=False)
    stack = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """Shorten, and take the query off the address: it may hold what a person typed."""
        told = {name: str(self.cleaned_data.get(name, ""))[:most] for name, most in MOST.items()}
        return {**told, "page": told["page"].partition("?")[0].partition("#")[0]}
