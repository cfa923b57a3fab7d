"""What a customer does in their space."""

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from app.crm.models import Customer
from app.crm.selectors import find_by_email
from app.crm.services.portal_links import ASKED_LIFE, make_link
from app.documents.services import SignatureData, sign_document
from app.notify.selectors import language_of
from app.notify.services import queue_email
from app.projects.constants import PERFORMED
from app.projects.models import Project
from app.projects.selectors import find_project_of, get_project
from app.projects.services.finishing import halt_project
from app.projects.services.starting import start_signed_project
from app.quotes.locks import lock_quote
from app.quotes.models import Quote
from app.quotes.selectors import get_quote_by_public_id
from app.quotes.services.answering import require_signable
from app.quotes.services.withdrawing import may_withdraw, withdraw
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop


def send_link(*, workshop: Workshop, email: str, path: str) -> None:
    """Mail a link to the customer who has this address; nothing tells whether there is one.

    Of several records with the same address, the one whose page was asked for.
    """
    customer = _owner_of(path)
    if customer is None or customer.erased_at or customer.email_key != email.strip().lower():
        customer = find_by_email(email)
    if customer is None:
        return
    send_link_to(workshop=workshop, customer=customer, path=path)


def _owner_of(path: str) -> Customer | None:
    """The customer whose quote or project an address of the space shows, or None."""
    try:
        shown = resolve(path).kwargs
        if "public_id" in shown:
            return get_quote_by_public_id(shown["public_id"]).customer
        return get_project(shown["project_pk"]).customer if "project_pk" in shown else None
    except (Resolver404, Quote.DoesNotExist, Project.DoesNotExist):
        return None


def send_link_to(*, workshop: Workshop, customer: Customer, path: str) -> None:
    """Mail a fresh link to a customer, at the address that the workshop knows."""
    language = language_of("portal_link", customer.language)
    with translation.override(language):
        duration = _("30 minutes")
    queue_email(
        workshop=workshop,
        actor=Actor.system("link asked for"),
        kind="portal_link",
        to=customer.email,
        context={
            "nom_client": customer.person_name or customer.display_name,
            "duree": duration,
            "lien": make_link(workshop=workshop, customer=customer, path=path, life=ASKED_LIFE),
        },
        subject_ref=customer,
        language=language,
    )


def sign_quote(
    *, workshop: Workshop, actor: Actor, quote: Quote, data: SignatureData, early_start: bool = False
) -> Project:
    """Sign a quote: one signature, one acceptance, one project, whatever the double clicks.

    `early_start`: a consumer asks that the work start within the withdrawal period. RuleError when the quote cannot be
    signed or the signature cannot be read; nothing is kept then.
    """
    with transaction.atomic():
        held = lock_quote(quote.pk)
        require_signable(held)
        assert held.pdf_file_id  # require_signable saw its fingerprint
        signature = sign_document(
            workshop=workshop,
            actor=actor,
            subject=held,
            file_id=held.pdf_file_id,
            sha256=held.pdf_sha256,
            data=data,
            opened_at=held.first_opened_at,
        )
        return start_signed_project(
            workshop=workshop, actor=actor, quote=held, signature=signature, early_start=early_start
        )


def can_withdraw(quote: Quote) -> bool:
    """Whether the customer may withdraw from the contract of this quote today."""
    return may_withdraw(quote, fully_performed=_is_performed(quote))


def withdraw_from_contract(*, workshop: Workshop, actor: Actor, quote: Quote, name: str, email: str) -> None:
    """End the contract of a signed quote and stop its work, once; RuleError when the period is over."""
    with transaction.atomic():
        held = lock_quote(quote.pk)
        performed = _is_performed(held)
        withdraw(workshop=workshop, actor=actor, quote=held, name=name, email=email, fully_performed=performed)
        project = find_project_of(held.pk)
        if project:
            halt_project(workshop=workshop, actor=actor, project=project)


def _is_performed(quote: Quote) -> bool:
    project = find_project_of(quote.pk)
    return project is not None and project.status in PERFORMED
