"""Taking the events of the payment service: whatever they say, the customer is read again."""

import structlog

from .. import stripe_mirror
from ..errors import PaymentServiceError, ServiceDownError
from .subscription import sync_customer

log = structlog.get_logger(__name__)


def take_event(*, trigger_pk: int) -> None:
    """Read again the customer that a kept event is about; then the event is done.

    An event that comes twice, late or out of order brings the same reading. While the service does not answer, the
    event waits for the next sweep; what cannot be used (unknown price, other currency) is logged, and the nightly
    comparison meets it again.
    """
    customer_id = stripe_mirror.customer_of_event(trigger_pk)
    if customer_id:
        try:
            sync_customer(customer_id)
        except ServiceDownError as error:
            log.warning("event_waits", trigger=trigger_pk, error=str(error))
            return
        except PaymentServiceError as error:
            log.error("event_not_usable", trigger=trigger_pk, error=str(error))
    stripe_mirror.finish_event(trigger_pk)
