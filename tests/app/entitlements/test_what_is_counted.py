"""Each act counts where it is made, gives back what it removes, and is counted once however often its task runs."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from app.crm.identity import CustomerData
from app.crm.models import Customer, CustomerLink
from app.crm.services.customers import create_customer, edit_customer
from app.crm.services.merging import merge_customers
from app.crm.services.privacy import delete_customer, erase_customer
from app.dataio.constants import ImportState
from app.dataio.models import CustomerImport
from app.dataio.selectors import get_import
from app.dataio.services.inviting import confirm_invitations, invite_some
from app.dataio.services.preparing import confirm, confirm_now, keep_file, start_check
from app.dataio.services.running import work_on_import
from app.documents.services import SignatureData
from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.selectors import get_quota
from app.entitlements.services import allow, recount
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.notify.services import queue_email
from app.portal.services import sign_quote
from app.projects.constants import ProjectStatus
from app.projects.models import Project
from app.quotes.models import Quote
from app.quotes.services.drafting import duplicate_quote, new_version, save_draft
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.models import Invitation, Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from app.workshops.services.invitations import InvitationData, invite, join
from app.workshops.services.members import deactivate_member, reactivate_member
from tests import factories
from tests.app.dataio import files
from tests.factories import ACTOR

pytestmark = [pytest.mark.django_db, pytest.mark.spec("PLN-05", "PLN-10")]


def give(workshop: Workshop, **limits: int | None) -> None:
    allow(workshop=workshop, limits=limits, source=Source.PLAN)


def used(workshop: Workshop, dimension: Dimension) -> int:
    return get_quota(workshop, dimension).used


def add(workshop: Workshop, name: str, **fields: Any) -> Customer:
    return create_customer(workshop=workshop, actor=ACTOR, data=CustomerData(last_name=name, **fields))


# -- customers


def test_a_customer_counts_until_it_is_merged_deleted_or_erased(in_scope: Workshop) -> None:
    first, second, third, fourth = (add(in_scope, name) for name in ("Un", "Deux", "Trois", "Quatre"))
    assert used(in_scope, Dimension.CONTACTS) == 4
    edit_customer(workshop=in_scope, actor=ACTOR, customer=first, data=CustomerData(last_name="Premier"))
    assert used(in_scope, Dimension.CONTACTS) == 4
    merge_customers(workshop=in_scope, actor=ACTOR, kept=first, merged=second)
    assert used(in_scope, Dimension.CONTACTS) == 3
    delete_customer(workshop=in_scope, actor=ACTOR, customer=third)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=fourth)
    assert used(in_scope, Dimension.CONTACTS) == 1
    delete_customer(workshop=in_scope, actor=ACTOR, customer=fourth)
    assert used(in_scope, Dimension.CONTACTS) == 1, "an erased customer had been given back already"
    assert "contacts" not in recount(workshop=in_scope)


def test_a_customer_whose_documents_are_kept_is_given_back_once(in_scope: Workshop) -> None:
    customer = add(in_scope, "Tenu")
    project = factories.project(in_scope, customer=customer)
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.DELIVERED)
    assert delete_customer(workshop=in_scope, actor=ACTOR, customer=customer) is False
    assert "contacts" not in recount(workshop=in_scope)


def test_a_refused_customer_leaves_nothing(in_scope: Workshop) -> None:
    give(in_scope, contacts=1)
    add(in_scope, "Un")
    with pytest.raises(QuotaReachedError):
        add(in_scope, "Deux")
    assert Customer.objects.count() == 1


# -- imports


@pytest.fixture
def held(workshop: Workshop) -> CustomerImport:
    """A checked file of thirty customers."""
    with workshop_scope(workshop.pk):
        content = files.text(files.many(30)).encode()
        held = keep_file(workshop=workshop, actor=ACTOR, name="clients.csv", file=BytesIO(content))
        start_check(workshop=workshop, held=held)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    with workshop_scope(workshop.pk):
        return get_import(held.pk)


def test_an_import_that_does_not_fit_is_refused_before_its_first_line(
    workshop: Workshop, held: CustomerImport, owner_client: Any
) -> None:
    with workshop_scope(workshop.pk):
        give(workshop, contacts=29)
        assert held.created == 30
        with pytest.raises(QuotaReachedError):
            confirm(workshop=workshop, actor=ACTOR, held=held)
        assert (get_import(held.pk).state, Customer.objects.count()) == (ImportState.CHECKED, 0)
    page = owner_client.get(f"/app/{workshop.slug}/imports/clients/{held.pk}/").content.decode()
    assert "banner-bad" in page
    assert "/lancer/" not in page
    owner_client.post(f"/app/{workshop.slug}/imports/clients/{held.pk}/lancer/")
    with workshop_scope(workshop.pk):
        assert Customer.objects.count() == 0


def test_an_import_counts_its_customers_once_though_its_task_runs_twice(
    workshop: Workshop, held: CustomerImport
) -> None:
    with workshop_scope(workshop.pk):
        give(workshop, contacts=30)
        confirm_now(actor=ACTOR, held=held)
    for _ in range(2):
        work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    with workshop_scope(workshop.pk):
        assert used(workshop, Dimension.CONTACTS) == Customer.objects.count() == 30
        assert get_import(held.pk).is_done


def test_an_import_overtaken_by_other_customers_says_so_and_what_it_wrote_is_counted(
    workshop: Workshop, held: CustomerImport
) -> None:
    with workshop_scope(workshop.pk):
        give(workshop, contacts=30)
        confirm_now(actor=ACTOR, held=held)
        add(workshop, "Entre-temps")
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    with workshop_scope(workshop.pk):
        stopped = get_import(held.pk)
        assert (stopped.state, bool(stopped.failure)) == (ImportState.FAILED, True)
        assert used(workshop, Dimension.CONTACTS) == Customer.objects.count()


def test_invitations_stop_at_the_quota_of_messages_and_can_be_asked_for_again(
    workshop: Workshop, held: CustomerImport
) -> None:
    with workshop_scope(workshop.pk):
        confirm_now(actor=ACTOR, held=held)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    with workshop_scope(workshop.pk):
        give(workshop, emails=10)
        done = confirm_invitations(workshop=workshop, actor=ACTOR, held=get_import(held.pk))
        invite_some(workshop=workshop, import_pk=done.pk)
        stopped = get_import(held.pk)
        assert (stopped.invited, stopped.invite_confirmed_at, stopped.invite_done_at) == (10, None, None)
        assert WorkshopEmail.objects.count() == CustomerLink.objects.count() == 10
        give(workshop, emails=None)
        confirm_invitations(workshop=workshop, actor=ACTOR, held=stopped)
        invite_some(workshop=workshop, import_pk=done.pk)
        assert get_import(held.pk).invited == WorkshopEmail.objects.count() == used(workshop, Dimension.EMAILS) > 10


# -- quotes and projects


def test_a_new_quote_and_a_copy_count_and_neither_an_edit_nor_a_version_do(in_scope: Workshop) -> None:
    quote = factories.quote(in_scope)
    assert used(in_scope, Dimension.QUOTES) == 1
    save_draft(workshop=in_scope, actor=ACTOR, quote=quote, lines=list(quote.lines.all()))
    assert used(in_scope, Dimension.QUOTES) == 1
    duplicate_quote(workshop=in_scope, actor=ACTOR, quote=quote)
    assert used(in_scope, Dimension.QUOTES) == 2
    sent = send_quote(workshop=in_scope, actor=ACTOR, quote=quote)
    give(in_scope, quotes=2)
    new_version(workshop=in_scope, actor=ACTOR, quote=sent)
    assert used(in_scope, Dimension.QUOTES) == 2
    with pytest.raises(QuotaReachedError):
        duplicate_quote(workshop=in_scope, actor=ACTOR, quote=quote)
    assert Quote.objects.count() == 3


def test_a_project_opened_by_hand_is_refused_and_one_that_a_customer_signs_never_is(in_scope: Workshop) -> None:
    factories.project(in_scope)
    quote = send_quote(workshop=in_scope, actor=ACTOR, quote=factories.quote(in_scope))
    finish_sending(workshop=in_scope, quote_pk=quote.pk)
    quote.refresh_from_db()
    give(in_scope, projects=1, storage=1)
    with pytest.raises(QuotaReachedError):
        factories.project(in_scope)
    data = SignatureData(name="Camille Lefèvre", method="typed", consent="J'accepte")
    sign_quote(workshop=in_scope, actor=ACTOR, quote=quote, data=data)
    assert used(in_scope, Dimension.PROJECTS) == Project.objects.count() == 2


# -- messages


def test_a_message_counts_once_however_often_its_task_runs(in_scope: Workshop) -> None:
    quote = send_quote(workshop=in_scope, actor=ACTOR, quote=factories.quote(in_scope))
    before = used(in_scope, Dimension.STORAGE)
    for _ in range(3):
        finish_sending(workshop=in_scope, quote_pk=quote.pk)
    assert used(in_scope, Dimension.EMAILS) == WorkshopEmail.objects.count() == 1
    assert used(in_scope, Dimension.STORAGE) > before
    assert "storage" not in recount(workshop=in_scope)


def test_a_quote_leaves_though_the_quota_is_reached_and_an_invitation_does_not(in_scope: Workshop) -> None:
    give(in_scope, emails=0)
    customer = factories.customer(in_scope)
    message: dict[str, Any] = {
        "workshop": in_scope, "actor": ACTOR, "to": customer.email, "context": {"nom_client": "C", "duree": "30 minutes", "lien": "/"},
    }  # fmt: skip
    queue_email(kind="portal_link", dedupe_key="once", **message)
    queue_email(kind="portal_link", dedupe_key="once", **message)
    with pytest.raises(QuotaReachedError):
        queue_email(kind="portal_invitation", **message)
    assert used(in_scope, Dimension.EMAILS) == WorkshopEmail.objects.count() == 1


# -- members


@pytest.fixture
def full(workshop: Workshop, owner: Membership) -> Iterator[Workshop]:
    """A workshop of one Owner, with a place for one more."""
    with workshop_scope(workshop.pk):
        recount(workshop=workshop)
        give(workshop, users=2)
        yield workshop


def offer(workshop: Workshop, owner: Membership, email: str) -> Invitation:
    data = InvitationData(email=email, first_name="Inès", last_name="Moreau", roles=(Role.OPERATOR,))
    return invite(workshop=workshop, actor=ACTOR, by=owner, data=data)


def test_a_place_is_taken_by_who_joins_given_back_by_who_leaves_and_asked_again_to_return(
    full: Workshop, owner: Membership
) -> None:
    invitation = offer(full, owner, "ines@vulcain.test")
    late = offer(full, owner, "tard@vulcain.test")
    assert used(full, Dimension.USERS) == 1, "an invitation takes no place"
    member = join(invitation=invitation, user=factories.person(email="ines@vulcain.test"))
    assert used(full, Dimension.USERS) == 2
    with pytest.raises(QuotaReachedError):
        offer(full, owner, "trop@vulcain.test")
    with pytest.raises(RuleError) as told:
        join(invitation=late, user=factories.person(email="tard@vulcain.test"))
    assert not isinstance(told.value, QuotaReachedError), "who is invited can do nothing about the plan"
    assert Membership.objects.count() == 2
    for _ in range(2):
        deactivate_member(workshop=full, actor=ACTOR, by=owner, member=member)
    assert used(full, Dimension.USERS) == 1
    give(full, users=1)
    with pytest.raises(QuotaReachedError):
        reactivate_member(workshop=full, actor=ACTOR, by=owner, member=member)
    member.refresh_from_db()
    assert not member.is_active
    give(full, users=2)
    reactivate_member(workshop=full, actor=ACTOR, by=owner, member=member)
    assert "users" not in recount(workshop=full)
