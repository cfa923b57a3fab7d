"""What the publisher would choose in Stripe's dashboard, and the identity of the account."""

from dataclasses import dataclass, field
from typing import Literal

from stripe._api_version import _ApiVersion

#: The version that the installed package sends by default, the only one this server speaks.
API_VERSION = _ApiVersion.CURRENT
SECRET_KEY = "sk_test_local0000000000000000000"
PUBLISHABLE_KEY = "pk_test_local0000000000000000000"

DAY = 86_400
HOUR = 3_600


@dataclass
class Settings:
    """The dashboard. Delays are in days of the server's clock unless their name says seconds."""

    secret_key: str = SECRET_KEY
    business_name: str = "Éditeur de test"
    country: str = "FR"
    email: str = "editeur@stripe.test"
    #: Days between one failed payment of an invoice and the next attempt.
    retry_days: tuple[int, ...] = (3, 5, 7)
    #: What becomes of the subscription once the attempts are over.
    after_retries: Literal["cancel", "unpaid", "past_due"] = "cancel"
    upcoming_days: int = 7
    trial_notice_days: int = 3
    #: A renewal's invoice stays a draft for this long, so that lines can still be added.
    draft_seconds: int = HOUR
    #: A first payment that is not finished ends the subscription after this long.
    incomplete_seconds: int = 23 * HOUR
    session_seconds: int = 24 * HOUR
    #: Real seconds between the tries of one webhook delivery; the last one gives up.
    webhook_retry_seconds: tuple[float, ...] = (0.5, 2, 10, 60, 300)
    #: Whether `automatic_tax[enabled]=true` is accepted; it is not without a registration, as at Stripe.
    tax_registered: bool = field(default=False, init=False)
