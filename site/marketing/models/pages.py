"""The pages that turn a visitor into a workshop on trial."""

from decimal import Decimal
from typing import Any

from cms.blocks import sections
from cms.catalogue import Catalogue, count_workshops, estimate_cost, public_plans
from cms.models import PublicPage
from cms.streams import ThinStreamField
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from marketing.forms import CostForm

from .experiments import variant_for


class HeroPage(PublicPage):
    """A page that begins with a great title, then sections."""

    eyebrow = models.CharField(_("line above the title"), max_length=80, blank=True)
    hero_title = models.CharField(_("great title"), max_length=90)
    hero_text = models.TextField(_("introduction"), max_length=320)
    body = ThinStreamField(sections(), blank=True, verbose_name=_("sections"))

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("eyebrow"), FieldPanel("hero_title"), FieldPanel("hero_text")], _("Top of the page")
        ),
        FieldPanel("body"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "variant": variant_for(self, request)}


class HomePage(HeroPage):
    """`/`: what the product is worth, in one screen, then why, then how."""

    proof_from = models.PositiveIntegerField(
        _("say how many workshops trust us, from"),
        null=True,
        blank=True,
        help_text=_("The real count is shown once it reaches this figure; leave empty to show nothing."),
    )

    max_count = 1
    template = "marketing/home_page.html"
    content_panels = [*HeroPage.content_panels, FieldPanel("proof_from")]

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


class TopicPage(HeroPage):
    """A page on one subject: the functions, who we are, accessibility."""

    template = "marketing/topic_page.html"

    class Meta:
        verbose_name = _("page on a subject")
        verbose_name_plural = _("pages on a subject")


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
        form = CostForm(request.GET if "projets" in request.GET else None)
        asked = form.cleaned_data if form.is_valid() else None
        return {
            **super().get_context(request, *args, **kwargs),
            "catalogue": Catalogue.of(request),
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


def _offer(plan: Any) -> dict[str, str]:
    price: Decimal = plan.price_excl_tax
    return {"@type": "Offer", "name": plan.name, "price": f"{price:.2f}", "priceCurrency": "EUR"}
