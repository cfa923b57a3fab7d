"""Create the plans of a new installation."""

from typing import Any

from django.core.management.base import BaseCommand

from app.billing.services.catalogue import load_plans


class Command(BaseCommand):
    help = "Create the plans Lite and Pro where they are missing; plans that exist keep their prices."

    def handle(self, *args: Any, **options: Any) -> None:
        created = load_plans()
        names = ", ".join(plan.name for plan in created) or "none"
        self.stdout.write(f"Plans created: {names}")
