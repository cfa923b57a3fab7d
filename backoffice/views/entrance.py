"""The backoffice's own sign-in."""

from allauth.account.views import LoginView
from django.urls import reverse

from ..forms import PublisherLoginForm


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's sign-in, second factor included, for the publisher only."""

    template_name = "backoffice/sign_in.html"
    form_class = PublisherLoginForm

    def get_form_class(self) -> type[PublisherLoginForm]:
        return PublisherLoginForm

    def get_default_success_url(self) -> str:
        return reverse("backoffice:overview")

    def get_authenticated_redirect_url(self) -> str:
        return reverse("backoffice:overview")
