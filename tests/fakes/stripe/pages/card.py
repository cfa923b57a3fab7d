"""The card form, its reading, and the page of the bank."""

from datetime import UTC, datetime

from ..cards import CARDS, TestCard, find_card
from ..errors import StripeRefusal
from ..state import Object
from .html import Page, button, error_of, field_of, text

#: What the card said, for the person who reads the page.
FRENCH = {
    "Your card was declined.": "Votre carte a été refusée.",
    "Your card has insufficient funds.": "La provision de votre carte est insuffisante.",
    "Your card has expired.": "Votre carte a expiré.",
    "Your card's security code is incorrect.": "Le code de sécurité de votre carte est faux.",
    "Your card number is incorrect.": "Le numéro de votre carte est faux.",
    "Your card's expiration date is incorrect.": "La date d’expiration de votre carte est fausse.",
}


def french(message: str) -> str:
    """The French of a refusal; what has none is shown as it is."""
    return next((said for known, said in FRENCH.items() if message.startswith(known)), message)


def card_form(label: str, *, email: str | None = None, error: str = "") -> str:
    """The fields of a card, and the test numbers that can be typed."""
    rows = "".join(f"<tr><td>{card.number}</td><td>{text(card.said)}</td></tr>" for card in CARDS)
    ask = field_of("E-mail", "email", autocomplete="email") if email == "" else ""
    return (
        f'{error_of(french(error))}<form method="post">{ask}'
        f"{field_of('Numéro de carte', 'number', autocomplete='cc-number')}"
        f"{field_of('Expiration (MM/AA)', 'expiry', value='12/34', autocomplete='cc-exp')}"
        f"{field_of('Code de sécurité', 'cvc', value='123', autocomplete='cc-csc')}"
        f"{field_of('Nom du titulaire', 'name', autocomplete='cc-name', required=False)}"
        f"<p><button>{text(label)}</button></p></form>"
        f'<details><summary>Cartes de test</summary><div class="cards"><table><tr><th>Numéro</th><th>Effet</th></tr>'
        f"{rows}</table></div></details>"
    )


def read_card(form: dict[str, str], now: int) -> tuple[TestCard, Object]:
    """The test card that was typed and its holder."""
    card = find_card(form.get("number", ""))
    month, _slash, year = form.get("expiry", "").partition("/")
    if not (month.strip().isdecimal() and year.strip().isdecimal() and 1 <= int(month) <= 12):
        raise StripeRefusal("Your card's expiration date is incorrect.", status=402, type="card_error")
    holder: Object = {
        "exp_month": int(month),
        "exp_year": 2000 + int(year) % 100,
        "name": form.get("name"),
        "email": form.get("email"),
    }
    today = datetime.fromtimestamp(now, UTC)
    if (holder["exp_year"], holder["exp_month"]) < (today.year, today.month):
        raise StripeRefusal("Your card has expired.", status=402, type="card_error")
    return card, holder


def bank_page(action: str, form: dict[str, str]) -> Page:
    """The second page of a card that asks for its holder: accept or refuse."""
    values = {name: value for name, value in form.items() if name != "authentication"}
    body = (
        "<p>Votre banque demande de confirmer ce paiement.</p>"
        f"{button('Accepter', action, values | {'authentication': 'accepted'})}"
        f"{button('Refuser', action, values | {'authentication': 'refused'}, plain=True)}"
    )
    return Page.html("Authentification de la banque", body)
