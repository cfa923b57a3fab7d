"""Checkout, portal and invoice pages: what is shown, and what each button does."""

from .. import wording
from ..cards import keep_card
from ..checkout import submit
from ..errors import StripeRefusal
from ..invoices import collect, method_of, payment_of
from ..methods import confirm_setup, make_default, open_setup
from ..pdf import invoice_pdf
from ..standing import OVER
from ..state import Account, Object
from ..subscribing import cancel_now, schedule_end
from .card import bank_page, card_form, read_card
from .html import Page, button, text

REFUSED = "Votre banque a refusé l’authentification."


def serve(account: Account, method: str, path: str, form: dict[str, str]) -> Page:
    """The page of an address, after what the form asks."""
    parts = path.strip("/").split("/")
    match parts:
        case ["c", "pay", identifier]:
            session = account.tables["checkout.session"].get(identifier)
            return checkout(account, session, form) if session else Page.not_found()
        case ["p", "session", identifier, *rest]:
            opened = account.tables["billing_portal.session"].get(identifier)
            if opened is None or opened["_expires"] < account.now:
                return Page.not_found()
            return portal(account, opened, rest, method, form)
        case ["i", _account, identifier, *rest]:
            invoice = account.tables["invoice"].get(identifier)
            if invoice is None or invoice["status"] == "draft":
                return Page.not_found()
            if rest == ["pdf"]:
                return Page.pdf(invoice_pdf(account, invoice), f"{invoice['number']}.pdf")
            return invoice_page(account, invoice, form)
    return Page.not_found()


def checkout(account: Account, session: Object, form: dict[str, str]) -> Page:
    """What is sold and the card's form; then back to the product."""
    if session["status"] == "complete":
        return Page.redirect(_success(session))
    if session["status"] == "expired":
        return Page.html("Session expirée", "<p>Cette page de paiement a expiré.</p>", status=410)
    error = ""
    if form:
        error = _pay(account, session, form)
        session = account.get("checkout.session", session["id"])
        if error == "authenticate":
            return bank_page(f"/c/pay/{session['id']}", form)
        if session["status"] == "complete":
            return Page.redirect(_success(session))
    title = "Enregistrer une carte" if session["mode"] == "setup" else "Souscrire"
    label = "Enregistrer la carte" if session["mode"] == "setup" else "Payer et souscrire"
    email = "" if session["customer"] is None and not session["customer_email"] else None
    back = f'<p><a href="{text(session["cancel_url"])}">Annuler et revenir</a></p>' if session["cancel_url"] else ""
    return Page.html(title, _sold(account, session) + card_form(label, email=email, error=error) + back)


def _pay(account: Account, session: Object, form: dict[str, str]) -> str:
    """Nothing when it is done, `authenticate`, or what to tell."""
    if form.get("authentication") == "refused":
        return REFUSED
    try:
        card, holder = read_card(form, account.now)
    except StripeRefusal as refusal:
        return str(refusal)
    result = submit(account, session, card, holder, authenticated=form.get("authentication") == "accepted")
    if result == "refused":
        return str(account.get("checkout.session", session["id"])["_error"])
    return "authenticate" if result == "authenticate" else ""


def _success(session: Object) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _sold(account: Account, session: Object) -> str:
    if session["mode"] == "setup":
        return "<p>La carte servira aux prochains paiements.</p>"
    rows = "".join(
        f"<tr><td>{item['quantity']} × {text(item['description'])}</td>"
        f'<td class="amount">{_money(item["amount_subtotal"])}</td></tr>'
        for item in session["_items"]
    )
    trial = session["_data"].get("trial_end") or session["_data"].get("trial_period_days")
    note = "<p>Essai en cours : rien n’est prélevé aujourd’hui.</p>" if trial else ""
    tax = session["total_details"]["amount_tax"]
    return (
        f'{note}<table><tr><th>Abonnement</th><th class="amount">Prix HT</th></tr>{rows}'
        f'<tr><td>TVA</td><td class="amount">{_money(tax)}</td></tr>'
        f'<tr><th>Total à payer aujourd’hui</th><th class="amount">{_money(session["amount_total"])}</th></tr></table>'
    )


def _money(cents: int) -> str:
    return wording.amount(cents)


def portal(account: Account, session: Object, rest: list[str], method: str, form: dict[str, str]) -> Page:
    """Card, subscription and invoices of a customer; a flow opens on its one subject."""
    customer = account.get("customer", session["customer"])
    features = account.get("billing_portal.configuration", session["configuration"])["features"]
    home = f"/p/session/{session['id']}"
    flow = session["flow"]
    wants_card = rest == ["card"] or (not rest and flow and flow["type"] == "payment_method_update")
    if wants_card and features["payment_method_update"]["enabled"]:
        return _change_card(account, session, customer, form)
    if rest == ["subscription"] and method == "POST" and features["subscription_cancel"]["enabled"]:
        return _change_end(account, session, customer, form, features["subscription_cancel"])
    if not rest and flow and flow["type"] == "subscription_cancel":
        subscription = account.get("subscription", flow["subscription_cancel"]["subscription"])
        body = _subscription(account, subscription, features, home) + _back(session)
        return Page.html("Résilier l’abonnement", body)
    if rest:
        return Page.not_found()
    held = [found for found in account.all("subscription", customer=customer["id"]) if found["status"] not in OVER]
    body = "".join(_subscription(account, one, features, home) for one in held)
    body += _card(account, customer, features, home)
    if features["invoice_history"]["enabled"]:
        body += _invoices(account, customer)
    return Page.html("Votre abonnement", body + _back(session))


def _back(session: Object) -> str:
    return f'<p><a href="{text(session["return_url"])}">Revenir</a></p>' if session["return_url"] else ""


def _subscription(account: Account, subscription: Object, features: Object, home: str) -> str:
    shown = account.render(subscription)
    items = "".join(
        f"<li>{item['quantity']} × {text(account.get('product', item['price']['product'])['name'])}</li>"
        for item in shown["items"]["data"]
    )
    states = {"active": "actif", "trialing": "en essai", "past_due": "impayé", "unpaid": "impayé", "paused": "suspendu"}
    state = states.get(subscription["status"], "en attente de paiement")
    body = f"<h2>Abonnement</h2><ul>{items}</ul><p>État : {state}.</p>"
    if subscription["cancel_at"]:
        body += f"<p>Il prend fin le {wording.date(subscription['cancel_at'])}.</p>"
    else:
        body += f"<p>Prochaine échéance : {wording.date(subscription['_end'])}.</p>"
    if not features["subscription_cancel"]["enabled"]:
        return body
    action = f"{home}/subscription"
    if subscription["cancel_at"]:
        return body + button("Ne pas résilier", action, {"subscription": subscription["id"], "do": "keep"}, plain=True)
    return body + button("Résilier", action, {"subscription": subscription["id"], "do": "cancel"}, plain=True)


def _change_end(account: Account, session: Object, customer: Object, form: dict[str, str], rule: Object) -> Page:
    subscription = account.tables["subscription"].get(form.get("subscription", ""))
    if subscription is None or subscription["customer"] != customer["id"] or subscription["ended_at"] is not None:
        return Page.not_found()
    if form.get("do") == "cancel" and rule["mode"] == "immediately":
        prorate = rule["proration_behavior"] != "none"
        invoice_now = rule["proration_behavior"] == "always_invoice"
        cancel_now(account, subscription, invoice_now=invoice_now, prorate=prorate)
    else:
        with account.changing(subscription, "customer.subscription.updated"):
            schedule_end(account, subscription, at_period_end=form.get("do") == "cancel")
    return Page.redirect(_after(session))


def _after(session: Object) -> str:
    """Where a flow leads once it is done; else the portal's first page."""
    flow = session["flow"]
    if flow and flow["after_completion"]["type"] == "redirect":
        return str(flow["after_completion"]["redirect"]["return_url"])
    if flow and session["return_url"]:
        return str(session["return_url"])
    return f"/p/session/{session['id']}"


def _card(account: Account, customer: Object, features: Object, home: str) -> str:
    found = _default_card(account, customer)
    card = found and found["card"]
    said = f"{text(card['brand'])} se terminant par {card['last4']}" if card else "aucune carte"
    link = f'<p><a href="{home}/card">Changer de carte</a></p>' if features["payment_method_update"]["enabled"] else ""
    return f"<h2>Moyen de paiement</h2><p>{said}</p>{link}"


def _default_card(account: Account, customer: Object) -> Object | None:
    held = [found for found in account.all("subscription", customer=customer["id"]) if found["status"] not in OVER]
    identifiers = [found["default_payment_method"] for found in held]
    identifiers.append(customer["invoice_settings"]["default_payment_method"])
    found = next((one for one in identifiers if one), None)
    return account.tables["payment_method"].get(found) if found else None


def _change_card(account: Account, session: Object, customer: Object, form: dict[str, str]) -> Page:
    error = ""
    if form.get("authentication") == "refused":
        error = REFUSED
    elif form:
        try:
            done = _keep(account, customer, form)
        except StripeRefusal as refusal:
            error = str(refusal)
        else:
            action = f"/p/session/{session['id']}/card"
            return Page.redirect(_after(session)) if done else bank_page(action, form)
    return Page.html("Changer de carte", card_form("Enregistrer la carte", error=error) + _back(session))


def _keep(account: Account, customer: Object, form: dict[str, str]) -> bool:
    """The new card becomes the default everywhere; False: the bank asks first."""
    card, holder = read_card(form, account.now)
    method = keep_card(account, card, **holder)
    setup = open_setup(account, customer=customer["id"], metadata={})
    if not confirm_setup(account, setup, method, authenticated=form.get("authentication") == "accepted"):
        if setup["status"] == "requires_action":
            return False
        raise StripeRefusal(setup["last_setup_error"]["message"])
    make_default(account, customer, method)
    return True


def _invoices(account: Account, customer: Object) -> str:
    found = [raw for raw in account.all("invoice", customer=customer["id"]) if raw["status"] != "draft"]
    states = {"paid": "payée", "open": "à payer", "void": "annulée", "uncollectible": "abandonnée"}
    rows = "".join(
        f"<tr><td>{wording.date(raw['created'])}</td><td>{text(raw['number'])}</td><td>{states[raw['status']]}</td>"
        f'<td class="amount">{_money(raw["total"])}</td>'
        f'<td><a href="{text(raw["hosted_invoice_url"])}">Voir</a> · <a href="{text(raw["invoice_pdf"])}">PDF</a></td>'
        "</tr>"
        for raw in reversed(found)
    )
    head = '<tr><th>Date</th><th>Numéro</th><th>État</th><th class="amount">Total</th><th>Facture</th></tr>'
    return f"<h2>Factures</h2><table>{head}{rows}</table>" if rows else "<h2>Factures</h2><p>Aucune facture.</p>"


def invoice_page(account: Account, invoice: Object, form: dict[str, str]) -> Page:
    """The lines of an invoice, its PDF, and while it is unpaid the card that is kept and the form of another."""
    error = ""
    if form and invoice["status"] == "open":
        error = _pay_invoice(account, invoice, form)
        if error == "authenticate":
            return bank_page(f"/{'/'.join(invoice['hosted_invoice_url'].split('/')[3:])}", form)
        if invoice["status"] == "paid":
            return Page.redirect(invoice["hosted_invoice_url"])
    rows = "".join(
        f'<tr><td>{text(line["description"])}</td><td class="amount">{_money(line["amount"])}</td></tr>'
        for line in invoice["_lines"]
    )
    taxes = sum(tax["amount"] for tax in invoice["total_taxes"])
    body = (
        f'<table><tr><th>Ligne</th><th class="amount">Montant HT</th></tr>{rows}'
        f'<tr><td>TVA</td><td class="amount">{_money(taxes)}</td></tr>'
        f'<tr><th>Total</th><th class="amount">{_money(invoice["total"])}</th></tr></table>'
        f'<p><a href="{text(invoice["invoice_pdf"])}">Télécharger le PDF</a></p>'
    )
    if invoice["status"] == "open":
        if payment_of(account, invoice)[1]["status"] == "requires_action":
            body += "<p>Votre banque attend votre confirmation pour ce paiement.</p>"
        body += f"<h2>Payer {_money(invoice['amount_remaining'])}</h2>{_saved_card(account, invoice)}"
        body += card_form("Payer", error=error)
    else:
        said = {"paid": "Cette facture est payée.", "void": "Cette facture est annulée."}
        body += f"<p>{said.get(invoice['status'], 'Cette facture ne peut plus être payée.')}</p>"
    return Page.html(f"Facture {invoice['number']}", body)


def _saved_card(account: Account, invoice: Object) -> str:
    """The customer's own card, in one click; nothing without one."""
    kept = method_of(account, invoice)
    if kept is None:
        return ""
    label = f"Payer avec {kept['card']['brand']} •••• {kept['card']['last4']}"
    path = "/" + "/".join(invoice["hosted_invoice_url"].split("/")[3:])
    return f"{button(label, path, {'saved': 'yes'})}<h3>Avec une autre carte</h3>"


def _pay_invoice(account: Account, invoice: Object, form: dict[str, str]) -> str:
    """Pay with the card that is kept, or with the one that was typed; this one becomes the default when it worked."""
    if form.get("authentication") == "refused":
        return REFUSED
    kept = method_of(account, invoice) if form.get("saved") else None
    try:
        method = kept or _typed_card(account, form)
    except StripeRefusal as refusal:
        return str(refusal)
    accepted = form.get("authentication") == "accepted"
    if not collect(account, invoice, method=method, off_session=False, authenticated=accepted, automatic=False):
        intent = payment_of(account, invoice)[1]
        if intent["status"] == "requires_action":
            return "authenticate"
        return str(intent["last_payment_error"]["message"])
    if method is not kept:
        method["customer"] = invoice["customer"]
        account.emit("payment_method.attached", method)
        make_default(account, account.get("customer", invoice["customer"]), method)
    return ""


def _typed_card(account: Account, form: dict[str, str]) -> Object:
    card, holder = read_card(form, account.now)
    return keep_card(account, card, **holder)
