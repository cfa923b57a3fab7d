"""The answers of those who leave."""

from app.tenancy.models import Workshop

from ..locks import lock_subscription


def keep_exit_answer(*, workshop: Workshop, reason: str, comment: str) -> None:
    """Keep why the workshop cancels; the publisher reads it in its churn report."""
    subscription = lock_subscription(workshop)
    subscription.exit_reason, subscription.exit_comment = reason, comment
    subscription.save(update_fields=["exit_reason", "exit_comment"])
