"""Making the publisher's account at the payment service match the catalogue."""

from collections.abc import Iterator

from app.tenancy.scope import platform_scope

from .. import stripe_mirror
from ..models import Offer, PriceVersion, SaasSettings
from ..selectors import get_price, get_saas_settings, list_sold_offers


def set_up_account(*, base_url: str) -> list[str]:
    """Create what is missing, change what differs, and say what is there. PaymentServiceError.

    Running it again creates nothing: each object is found by its identifier or its key.
    """
    return [*_offers(), *_settings(base_url), f"webhook: {stripe_mirror.ensure_webhook(base_url=base_url)}"]


def publish_price(offer: Offer) -> PriceVersion:
    """Today's price of an offer, at the payment service too."""
    version = get_price(offer)
    product_id = stripe_mirror.ensure_product(key=offer.key, name=offer.name)
    price_id = version.stripe_price_id or stripe_mirror.ensure_price(
        product_id=product_id, version=version.pk, amount=version.amount
    )
    with platform_scope():
        Offer.objects.filter(pk=offer.pk).update(stripe_product_id=product_id)
        PriceVersion.objects.filter(pk=version.pk).update(stripe_price_id=price_id)
    version.stripe_price_id = price_id
    return version


def _offers() -> Iterator[str]:
    for offer in list_sold_offers():
        if offer.is_active:
            version = publish_price(offer)
            yield f"{offer.key}: {version.amount} EUR, {version.stripe_price_id}"


def _settings(base_url: str) -> Iterator[str]:
    settings = get_saas_settings()
    tax_rate = stripe_mirror.ensure_tax_rate(percent=settings.vat_rate)
    portal = stripe_mirror.ensure_portal(portal_id=settings.stripe_portal_id, back=f"{base_url}/app/")
    with platform_scope():
        SaasSettings.objects.filter(pk=1).update(stripe_tax_rate_id=tax_rate, stripe_portal_id=portal)
    yield f"VAT {settings.vat_rate} %: {tax_rate}"
    yield f"portal: {portal}"
