"""Reads of customers; every queryset wants a workshop's scope."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from app.kernel.pagination import PAGE_SIZE, Page, keyset_page
from app.search.models import SearchToken
from app.search.selectors import first_found, matching
from app.tenancy.models import Workshop
from app.tenancy.questions import the_one
from app.tenancy.written import workshop_rows

from .constants import Criterion
from .identity import KEYS, CustomerData, Keys, data_of, keys_of, tag_token, tidy
from .models import Customer, CustomerSettings, CustomerTag, Interaction

SEARCH_KIND, TAG_KIND = "customer", "customer_tag"
NUMBER_LIKE = re.compile(r"[+\d][\d\s.()/-]{2,}")
LOOKALIKES_MOST = 10
#: No key has more digits: what is longer is no key, and costs dear to read as a number.
KEY_LONGEST = 19
#: What the name of a customer is made of, and what a list of customers shows: `queryset.only(*SHOWN)`.
NAME = ("company", "first_name", "last_name", "email", "phone", "erased_at")
SHOWN = (*NAME, "type", "city", "tags", "sort_key")
#: The same, for what has a customer.
CUSTOMER_NAME = tuple(f"customer__{name}" for name in NAME)
KEY_OF = {Criterion.EMAIL: "email_key", Criterion.PHONE: "phone_key", Criterion.NAME: "name_key"}


def list_customers(*, search: str = "", type: str = "", tag: str = "") -> "QuerySet[Customer]":
    """Customers in the order of `sort_key`, `id`, filtered; erased ones are left out."""
    customers = Customer.objects.filter(erased_at=None).order_by("sort_key", "pk")
    found = matching(SEARCH_KIND, _as_number(search))
    if found is not None:
        customers = customers.filter(found)
    if tag:
        tagged = SearchToken.objects.filter(kind=TAG_KIND, token=tag_token(tag))
        customers = customers.filter(pk__in=tagged.values("object_pk"))
    return customers.filter(type=type) if type else customers


def page_of_customers(
    *, search: str = "", type: str = "", tag: str = "", cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[Customer]:
    """A page of the same customers, with what a list shows of each; a search alone reads no customer that it does not
    show."""
    if search and not (type or tag):
        customers, narrowed = list_customers(), first_found(SEARCH_KIND, _as_number(search))
    else:
        customers, narrowed = list_customers(search=search, type=type, tag=tag), None
    return keyset_page(customers.only(*SHOWN), keys=("sort_key", "id"), cursor=cursor, size=size, narrowed=narrowed)


def count_customers() -> int:
    """How many customers the workshop in scope has, without those that were erased."""
    return Customer.objects.filter(erased_at=None).count()


def get_customer(customer_pk: int) -> Customer:
    """One customer; Customer.DoesNotExist when it is not in this workshop."""
    return the_one(Customer, workshop_rows(Customer, "AND id = %s", [customer_pk]))


def find_customer(customer_pk: str) -> Customer | None:
    """The customer of a key as an address writes it; None for anything else."""
    is_key = customer_pk.isdecimal() and len(customer_pk) < KEY_LONGEST
    return Customer.objects.filter(pk=int(customer_pk)).first() if is_key else None


def find_by_email(email: str) -> Customer | None:
    """The latest customer with this address, or None."""
    key = email.strip().lower()
    return Customer.objects.filter(email_key=key, erased_at=None).order_by("-pk").first() if key else None


def find_lookalikes(data: CustomerData, criteria: list[str], *, apart_from: int | None = None) -> list[Customer]:
    """Customers that share a key of the active criteria, by age; writing differences do not count."""
    keys = keys_of(tidy(data))
    names = [KEY_OF[Criterion(criterion)] for criterion in criteria]
    wanted = {name: value for name in names if (value := getattr(keys, name))}
    if not wanted:
        return []
    same = " OR ".join(f"{name} = %s" for name in wanted)
    others = f"AND erased_at IS NULL AND ({same}) AND id <> %s ORDER BY id LIMIT {LOOKALIKES_MOST}"
    return workshop_rows(Customer, others, [*wanted.values(), apart_from or 0])


def find_lookalikes_of(customer: Customer, criteria: list[str]) -> list[Customer]:
    """The other records that look like this one."""
    return find_lookalikes(data_of(customer), criteria, apart_from=customer.pk)


def find_by_keys(keys: Sequence[Keys]) -> dict[int, Keys]:
    """The keys of the customers that share at least one with any of these, by customer, the oldest first."""
    found: dict[int, Keys] = {}
    for name in KEYS:
        wanted = {value for one in keys if (value := getattr(one, name))}
        rows = Customer.objects.filter(erased_at=None, **{f"{name}__in": wanted}).values_list("pk", *KEYS)
        found |= {pk: Keys(*values) for pk, *values in rows}
    return dict(sorted(found.items()))


def customers_by_pk(pks: Iterable[int]) -> dict[int, Customer]:
    """These customers, by key."""
    return Customer.objects.in_bulk(list(pks))


def get_settings(workshop: Workshop) -> CustomerSettings:
    """Which criteria count; all of them, unsaved, until the workshop has chosen."""
    chosen = workshop_rows(CustomerSettings, "LIMIT 1")
    return chosen[0] if chosen else CustomerSettings(workshop=workshop)


def list_tags() -> list[str]:
    """The tags ever used in the workshop, in alphabetical order."""
    return list(CustomerTag.objects.order_by("token").values_list("name", flat=True))


def list_interactions(customer: Customer) -> list[Interaction]:
    """What was said with a customer, the newest first."""
    latest = "AND customer_id = %s ORDER BY happened_at DESC, id DESC LIMIT 100"
    return workshop_rows(Interaction, latest, [customer.pk])


def _as_number(search: str) -> str:
    """A telephone or SIRET typed with spaces, as the one word it is found by."""
    text = search.strip()
    if not NUMBER_LIKE.fullmatch(text):
        return search
    return re.sub(r"\D", "", text).removeprefix("00")
