"""Messages that people send from the site, and the page that they send them from."""

from typing import Any

from cms.models import PublicPage, PublisherSettings
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from .constants import LONGEST_MESSAGE, Slot, State, Subject


class Message(models.Model):
    """What somebody wrote. `token` is the form's own: the same form sent twice is one message."""

    token = models.UUIDField(unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=14, choices=Subject)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    workshop = models.CharField(_("workshop"), max_length=120, blank=True)
    workshop_slug = models.CharField(
        _("address of the workshop"), max_length=60, blank=True, db_index=True, help_text=_("Of signed-in people only.")
    )
    text = models.TextField(_("message"), max_length=LONGEST_MESSAGE, blank=True)
    screen = models.CharField(_("screen"), max_length=80, blank=True)
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    call_on = models.DateField(_("call on"), null=True, blank=True)
    call_at = models.CharField(_("call"), max_length=10, choices=Slot, blank=True)
    language = models.CharField(max_length=5, default="fr")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("received"), auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = _("message")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["state", "-at", "-id"], name="contact_by_state")]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_subject_display()}"


class ContactPage(PublicPage):
    """`/contact/`: the words are the editors', the form and the publisher's address are not typed here."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)
    thanks = models.CharField(
        _("thanks"), max_length=200, default="Merci. Une personne lit votre message et vous répond."
    )

    max_count = 2  # one for each language
    subpage_types: list[str] = []
    template = "contact/contact_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction"), FieldPanel("thanks")]

    class Meta:
        verbose_name = _("contact page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form is a view: a page neither parses nor sends."""
        response: HttpResponseBase = import_string("contact.views.contact")(request, page=self)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        publisher = PublisherSettings.for_request(request)
        return {**super().get_context(request, *args, **kwargs), "publisher": publisher}
