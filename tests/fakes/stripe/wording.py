"""The lines of an invoice in the customer's language: French when it is the first one preferred, else English."""

from datetime import UTC, datetime

from .state import Account, Object

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
}
_TEXTS = {
    "en": {
        "period": "{quantity} × {name} (at {price} / {interval})",
        "trial": "Trial period for {name}",
        "unused": "Unused time on {name} after {date}",
        "remaining": "Remaining time on {name} after {date}",
        "month": "month",
        "year": "year",
    },
    "fr": {
        "period": "{quantity} × {name} (à {price} / {interval})",
        "trial": "Période d’essai de {name}",
        "unused": "Temps non utilisé sur {name} après le {date}",
        "remaining": "Temps restant sur {name} après le {date}",
        "month": "mois",
        "year": "an",
    },
}


def language(customer: Object) -> str:
    """`fr` or `en`."""
    preferred = (customer["preferred_locales"] or ["en"])[0]
    return "fr" if preferred.startswith("fr") else "en"


def amount(cents: int, spoken: str = "fr") -> str:
    """An amount in euros, as the language writes it."""
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    whole, rest = divmod(cents, 100)
    if spoken == "en":
        return f"{sign}€{whole:,}.{rest:02d}"
    return f"{sign}{whole:,}".replace(",", "\u202f") + f",{rest:02d}\u00a0€"


def date(moment: int, spoken: str = "fr") -> str:
    """A day, as the language writes it."""
    day = datetime.fromtimestamp(moment, UTC)
    return f"{day.day} {_MONTHS[spoken][day.month - 1]} {day.year}"


def line(account: Account, kind: str, *, customer: Object, price: Object, quantity: int, at: int = 0) -> str:
    """The description of a line: `period`, `trial`, `unused` or `remaining`."""
    spoken = language(customer)
    texts = _TEXTS[spoken]
    name = account.get("product", price["product"])["name"]
    if kind in ("unused", "remaining") and quantity != 1:
        name = f"{quantity} × {name}"
    recurring = price["recurring"] or {"interval": "month", "interval_count": 1}
    count = "" if recurring["interval_count"] == 1 else f"{recurring['interval_count']} "
    return texts[kind].format(
        name=name,
        quantity=quantity,
        price=amount(price["unit_amount"] or 0, spoken),
        interval=count + texts[recurring["interval"]],
        date=date(at, spoken),
    )
