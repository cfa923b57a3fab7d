"""Real screens of the product, in both themes: assets/images/screens, taken by `python -m devtools.pictures`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Screen:
    """A picture by its name, and its size in pixels, so that nothing moves when it arrives."""

    label: str | Promise
    width: int = 1680
    height: int = 1050


PHONE = (780, 1560)
SCREENS = {
    "day": Screen(_("The workshop's day")),
    "quote": Screen(_("A quote being written")),
    "document": Screen(_("A quote as a document")),
    "project": Screen(_("A project and its steps")),
    "board": Screen(_("The board of the projects")),
    "floor": Screen(_("The workshop mode")),
    "powders": Screen(_("The powders")),
    "stock": Screen(_("The stock and its levels")),
    "batches": Screen(_("The recommended batches")),
    "customer": Screen(_("A customer and their history")),
    "imports": Screen(_("An import of customers")),
    "team": Screen(_("The team and its roles")),
    "trail": Screen(_("The history of actions")),
    "portal": Screen(_("The customer's space, on a telephone"), *PHONE),
    "signature": Screen(_("A signature, on a telephone"), *PHONE),
}


def choices() -> list[tuple[str, str | Promise]]:
    """The screens that an editor may choose."""
    return [(name, screen.label) for name, screen in SCREENS.items()]
