"""Real threads, real commits: one Owner stays, a workshop opens once, an invitation is used once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from app.accounts.models import WorkshopRequest
from app.home.services import open_workshop
from app.kernel.errors import RuleError
from app.numbering.services import next_number
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Invitation, Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from app.workshops.services.invitations import join
from app.workshops.services.members import MemberData, deactivate_member, update_member
from tests import factories
from tests.concurrency.test_quotes import AT_ONCE, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.spec("ROL-01")
def test_owners_who_all_step_down_at_once_leave_one() -> None:
    workshop = factories.workshop()
    owners = [factories.member(workshop, Role.OWNER, second_factor=False) for _ in range(AT_ONCE)]

    def step_down(rank: int) -> None:
        me, other = owners[rank], owners[(rank + 1) % AT_ONCE]
        with workshop_scope(workshop.pk):
            if rank % 2:
                data = MemberData(roles=(Role.VIEWER,))
                update_member(workshop=workshop, actor=factories.ACTOR, by=me, member=me, data=data)
            else:
                deactivate_member(workshop=workshop, actor=factories.ACTOR, by=me, member=other)

    together(step_down)
    with workshop_scope(workshop.pk):
        left = Membership.objects.filter(roles__contains=[Role.OWNER], status=MemberStatus.ACTIVE).count()
    assert left >= 1


@pytest.mark.spec("ACT-01")
def test_several_clicks_open_one_workshop() -> None:
    person = factories.person()
    WorkshopRequest.objects.create(user=person, workshop_name="Laquage du Lac", phone="+33476000000")
    opened = together(lambda rank: open_workshop(user_pk=person.pk))
    assert len([workshop for workshop in opened if workshop]) == 1
    with platform_scope():
        assert Workshop.objects.count() == 1


@pytest.mark.spec("TEN-11")
def test_workshops_of_the_same_name_opened_at_once_have_their_own_address() -> None:
    people = [factories.person() for _ in range(AT_ONCE)]
    for person in people:
        WorkshopRequest.objects.create(user=person, workshop_name="Laquage du Lac", phone="+33476000000")
    together(lambda rank: open_workshop(user_pk=people[rank].pk))
    with platform_scope():
        slugs = sorted(Workshop.objects.values_list("slug", flat=True))
    assert slugs == ["laquage-du-lac", *(f"laquage-du-lac-{number}" for number in range(2, AT_ONCE + 1))]


@pytest.mark.spec("TEA-06")
def test_an_invitation_accepted_several_times_at_once_makes_one_member() -> None:
    workshop = factories.workshop()
    owner = factories.member(workshop, Role.OWNER, second_factor=False)
    guest = factories.person(email="ines@vulcain.test")
    with workshop_scope(workshop.pk):
        invitation = Invitation.objects.create(
            workshop=workshop, email=guest.email, first_name="Inès", last_name="M", roles=[Role.VIEWER],
            invited_by=owner.user, expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    results = together(lambda rank: join(invitation=invitation, user=guest))
    assert len([result for result in results if isinstance(result, Membership)]) == 1
    with workshop_scope(workshop.pk):
        assert Membership.objects.filter(user=guest).count() == 1


@pytest.mark.spec("QUO-08")
def test_numbers_taken_at_once_have_no_gap_nor_double() -> None:
    workshop = factories.workshop()
    today = timezone.localdate()

    def take(rank: int) -> list[str]:
        taken = []
        for turn in range(5):
            try:
                with workshop_scope(workshop.pk):
                    number = next_number(workshop=workshop, series="project", on=today)
                    if (rank + turn) % 3 == 0:
                        raise RuleError("rolled back after its number was taken")
            except RuleError:
                continue
            taken.append(number)
        return taken

    numbers = sorted(number for taken in together(take) for number in taken)
    assert [int(number[-4:]) for number in numbers] == list(range(1, len(numbers) + 1))
