"""Creating and changing customers."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.editing import require_seen
from app.audit.services import difference, record
from app.entitlements.constants import Dimension
from app.entitlements.services import consume
from app.kernel.errors import RuleError
from app.search.models import SearchToken
from app.search.services import forget, index
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..followers import follow_names
from ..identity import FIELDS, KEYS, CustomerData, Keys, data_of, keys_of, problems, search_texts, tag_token, tidy
from ..locks import lock_customers
from ..models import Customer, CustomerTag
from ..selectors import SEARCH_KIND, TAG_KIND
from .portal_links import close_links

UPDATED = "customer.updated"


def create_customer(*, workshop: Workshop, actor: Actor, data: CustomerData) -> Customer:
    """Add a customer; RuleError on a wrong field or at the quota.

    Whether somebody looks alike (`find_lookalikes`) is asked before.
    """
    customer = Customer(workshop=workshop, created_by_id=actor.user_id)
    with transaction.atomic():
        write(customer, data)
        consume(workshop=workshop, dimension=Dimension.CONTACTS, actor=actor)
        record(workshop=workshop, actor=actor, action="customer.created", subject=customer)
    return customer


def edit_customer(
    *, workshop: Workshop, actor: Actor, customer: Customer, data: CustomerData, seen: str | None = None
) -> Customer:
    """Change a customer; the trail keeps old and new values. RuleError on a wrong field.

    `seen` is what the page showed (`seen_of`): ChangedMeanwhileError when somebody saved since. RuleError too when it
    was merged with another record or erased meanwhile.
    """
    before, name, address = asdict(data_of(customer)), str(customer), customer.email_key
    with transaction.atomic():
        _hold_present(customer)
        require_seen(customer, UPDATED, seen)
        write(customer, data)
        if customer.email_key != address:
            close_links([customer.pk])
        if str(customer) != name:
            follow_names([customer.pk])
        if changes := difference(before, asdict(data_of(customer))):
            record(workshop=workshop, actor=actor, action=UPDATED, subject=customer, changes=changes)
    return customer


def _hold_present(customer: Customer) -> None:
    try:
        [held] = lock_customers([customer.pk])
    except Customer.DoesNotExist as error:
        raise RuleError(_("This record was merged with another one while you were typing.")) from error
    if held.erased_at:
        raise RuleError(_("This person was erased while you were typing."))


def write(customer: Customer, data: CustomerData) -> None:
    """Tidy, check, key and save the fields, and keep the words that find the customer in step."""
    clean = checked(data)
    fill(customer, clean)
    customer.save()
    index_customer(customer)
    remember_tags(workshop_id=customer.workshop_id, tags=clean.tags)


def checked(data: CustomerData) -> CustomerData:
    """The fields tidied; RuleError with the first one that is wrong."""
    clean = tidy(data)
    for field, message in problems(clean):
        raise RuleError(message, field=field)
    return clean


def fill(customer: Customer, clean: CustomerData, keys: Keys | None = None) -> None:
    """Write tidied fields and their keys on a row, unsaved."""
    keys = keys or keys_of(clean)
    for name in FIELDS:
        setattr(customer, name, getattr(clean, name))
    customer.tags = list(clean.tags)
    for name in KEYS:
        setattr(customer, name, getattr(keys, name))


def index_customer(customer: Customer) -> None:
    """Replace the words by which one customer, and its tags, are found."""
    data = data_of(customer)
    pk, workshop_id = customer.pk, customer.workshop_id
    texts = search_texts(data)
    index(workshop_id=workshop_id, kind=SEARCH_KIND, object_pk=pk, texts=texts, sort_key=customer.sort_key)
    forget(kind=TAG_KIND, object_pk=pk)
    SearchToken.objects.bulk_create(tag_rows(workshop_id=workshop_id, customer_pk=pk, tags=data.tags))


def tag_rows(*, workshop_id: int, customer_pk: int, tags: tuple[str, ...]) -> list[SearchToken]:
    """The rows that find a customer by its tags."""
    tokens = dict.fromkeys(tag_token(tag) for tag in tags)
    return [SearchToken(workshop_id=workshop_id, kind=TAG_KIND, token=token, object_pk=customer_pk) for token in tokens]


def remember_tags(*, workshop_id: int, tags: tuple[str, ...]) -> None:
    """Offer these tags from now on; the first spelling of each is kept."""
    CustomerTag.objects.bulk_create(
        [CustomerTag(workshop_id=workshop_id, name=tag, token=tag_token(tag)) for tag in tags], ignore_conflicts=True
    )
