"""Prepare the publisher's account at Stripe; can be run again at any time."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from app.billing.errors import PaymentServiceError
from app.billing.services.setup import set_up_account


class Command(BaseCommand):
    help = "Create or bring up to date the products, prices, VAT rate, billing portal and webhook endpoint at Stripe."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = set_up_account(base_url=settings.BASE_URL)
        except PaymentServiceError as error:
            raise CommandError(f"Stripe: {error}") from error
        for line in report:
            self.stdout.write(line)
