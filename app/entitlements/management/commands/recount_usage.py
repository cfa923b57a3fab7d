"""Make the counters of what exists agree with what exists."""

from typing import Any

from django.core.management.base import BaseCommand

from app.entitlements.services import recount
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop, list_workshop_ids


class Command(BaseCommand):
    help = "Recount users, customers and storage of every workshop, repair the counters, and say what differed."

    def handle(self, *args: Any, **options: Any) -> None:
        repaired = 0
        for workshop_id in list_workshop_ids():
            with workshop_scope(workshop_id):
                workshop = get_workshop(workshop_id)
                for dimension, (counted, real) in recount(workshop=workshop).items():
                    self.stdout.write(f"{workshop.slug} {dimension}: {counted} -> {real}")
                    repaired += 1
        self.stdout.write(f"{repaired} counters repaired")
