"""The pages that turn a visitor into a workshop on trial, and the legal texts."""

from decimal import Decimal
from typing import Any

from cms.blocks import article, sections
from cms.catalogue import count_workshops, estimate_cost, public_plans, published_limits
from cms.models import PublicPage, PublisherSettings
from cms.streams import ThinStreamField
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from .comparison import compare
from .forms import CostForm


class HomePage(PublicPage):
    """`/`: what the product is worth, in one screen, then why, then how."""

    eyebrow = models.CharField(_("line above the title"), max_length=80, blank=True)
    hero_title = models.CharField(_("great title"), max_length=90)
    hero_text = models.TextField(_("introduction"), max_length=320)
    body = ThinStreamField(sections(), blank=True, verbose_name=_("sections"))
    proof_from = models.PositiveIntegerField(
        _("say how many workshops trust us, from"),
        null=True,
        blank=True,
        help_text=_("The real count is shown once it reaches this figure; leave empty to show nothing."),
    )

    max_count = 1
    template = "marketing/home_page.html"
    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("eyebrow"), FieldPanel("hero_title"), FieldPanel("hero_text")], _("Top of the page")
        ),
        FieldPanel("body"),
        FieldPanel("proof_from"),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "workshops": self.proven_workshops()}

    def proven_workshops(self) -> int | None:
        """The number of workshops, when the editor shows it and it is reached."""
        if not self.proof_from:
            return None
        count = count_workshops()
        return count if count >= self.proof_from else None

    @property
    def structured_data(self) -> dict[str, Any]:
        """The company, then the product."""
        organisation = {"@type": "Organization", "name": "ThermoGestion", "url": settings.BASE_URL}
        product = {
            "@type": "SoftwareApplication",
            "name": "ThermoGestion",
            "applicationCategory": "BusinessApplication",
            "operatingSystem": "Web",
            "description": self.search_description,
            "url": settings.BASE_URL,
            "offers": [_offer(plan) for plan in public_plans() if plan.price_excl_tax is not None],
        }
        return {"@context": "https://schema.org", "@graph": [organisation, product]}


class PricingPage(PublicPage):
    """`/tarifs/`: the plans of the catalogue, at today's prices."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)
    body = ThinStreamField(sections(), blank=True, verbose_name=_("sections"))

    max_count = 1
    template = "marketing/pricing_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    class Meta:
        verbose_name = _("prices page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        plans = public_plans()
        context = super().get_context(request, *args, **kwargs)
        limits = published_limits(plans) if plans else []
        form = CostForm(request.GET if "projets" in request.GET else None)
        asked = form.cleaned_data if form.is_valid() else None
        return {
            **context,
            "plans": plans,
            "comparison": compare(plans),
            "limits": limits,
            "has_overages": any(row.overage for row in limits),
            "form": form,
            "asked": asked,
            "estimate": estimate_cost(projects=asked["projets"], storage_gb=asked["stockage"]) if asked else None,
        }


class SignupPage(PublicPage):
    """`/inscription/`: the words are the editors', the form is the product's."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    max_count = 1
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("sign-up page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = import_string(settings.SIGNUP_VIEW)(request, page=self)
        return response


class LegalPage(PublicPage):
    """A text that binds: its version and the day it takes effect stand above it."""

    version = models.CharField(_("version"), max_length=20, help_text=_("People's consent names it, e.g. 2026-11."))
    effective_on = models.DateField(_("in force since"))
    names_publisher = models.BooleanField(_("names the publisher of the site"), default=False)
    body = ThinStreamField(article(), blank=True, verbose_name=_("text"))

    template = "marketing/legal_page.html"
    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("version"), FieldPanel("effective_on"), FieldPanel("names_publisher")], _("Version")
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("legal page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "publisher": PublisherSettings.for_request(request) if self.names_publisher else None}


def _offer(plan: Any) -> dict[str, str]:
    price: Decimal = plan.price_excl_tax
    return {"@type": "Offer", "name": plan.name, "price": f"{price:.2f}", "priceCurrency": "EUR"}
