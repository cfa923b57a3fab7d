"""The client of Stripe, its errors in the product's words, and its values as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..errors import PaymentRefusedError, PaymentServiceError, ServiceDownError
from ..remote import EUROS

SECONDS = 20
#: Codes of a bank that would hear the holder.
HEARS_HOLDER = frozenset({"authentication_required", "invoice_payment_intent_requires_action"})
#: What a bank answers, by its code at Stripe, whose own words are English. The others say no more than "refused", as
#: Stripe asks for (a lost or stolen card is not told of to whoever holds it).
REFUSALS = {
    "insufficient_funds": _("The bank refused: the card has not enough funds."),
    "card_velocity_exceeded": _("The bank refused: the limit of the card is reached."),
    "expired_card": _("The card has expired."),
    "incorrect_cvc": _("The security code of the card is wrong."),
    "processing_error": _("The bank could not answer: try again in a moment."),
    **dict.fromkeys(HEARS_HOLDER, _("The bank wants the holder of the card to confirm this payment.")),
}
REFUSED = _("The bank refused the card: use another one, or ask your bank.")


def is_connected() -> bool:
    """Whether a key is configured; without one, plans are given by hand."""
    return bool(settings.STRIPE_SECRET_KEY)


def client() -> stripe.StripeClient:
    base: Any = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=settings.STRIPE_API_VERSION,
        base_addresses=base,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=SECONDS),
    )


def once(key: str) -> Any:
    return {"idempotency_key": key}


@contextmanager
def asking() -> Iterator[None]:
    """Stripe's errors in the product's words."""
    if not is_connected():
        raise PaymentServiceError("no key is configured")
    try:
        yield
    except stripe.CardError as error:
        raise refused(error.error) from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ServiceDownError(str(error)) from error
    except stripe.StripeError as error:
        if (error.http_status or 500) >= 500:
            raise ServiceDownError(str(error)) from error
        raise PaymentServiceError(str(error)) from error


def refused(error: Any) -> PaymentRefusedError:
    """The refusal that an error object of Stripe tells, None included."""
    codes = [getattr(error, name, None) for name in ("decline_code", "code")]
    words = next((REFUSALS[code] for code in codes if code in REFUSALS), REFUSED)
    return PaymentRefusedError(str(words), wants_holder=not HEARS_HOLDER.isdisjoint(codes))


def require_euros(currency: str, of: str) -> None:
    if currency != EUROS:
        raise PaymentServiceError(f"{of} is in {currency}, not in euros")


def euros(cents: int | None) -> Decimal:
    return (Decimal(cents or 0) / 100).quantize(Decimal("0.01"))


def in_cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_exact())


def moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, tz=UTC)


def maybe_moment(timestamp: int | None) -> datetime | None:
    return moment(timestamp) if timestamp else None
