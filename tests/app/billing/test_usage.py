"""The page of usage, the warnings, and what lifts a refusal."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from app.billing.constants import GIGABYTE, AccessState, BillingStatus, OfferKind
from app.billing.models import Offer, OveragePrice, SubscribedItem, Subscription
from app.billing.offers import find_remedies
from app.billing.services.access import apply_access
from app.billing.services.catalogue import load_plans
from app.billing.services.trial import start_trial, want_plan
from app.billing.usage import next_month
from app.billing.usage_warnings import warn_of_quotas
from app.crm.models import Customer
from app.entitlements.constants import Dimension, Feature, Source
from app.entitlements.errors import FeatureRefusedError, QuotaReachedError
from app.entitlements.models import Usage, UsageDay
from app.entitlements.services import allow, consume, grant, require_feature
from app.notify.models import WorkshopEmail
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.queries import at_most

pytestmark = pytest.mark.django_db
NOV = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
PAGE = "/app/atelier-vulcain/reglages/abonnement/consommation/"


def give(workshop: Workshop, **limits: int | None) -> None:
    allow(workshop=workshop, limits=limits, source=Source.PLAN)


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


# -- the page


@pytest.mark.spec("PLN-06", "PLN-07", "PLN-09", "SCR-25")
def test_the_page_says_consumption_limit_percentage_renewal_and_price_beyond(
    workshop: Workshop, owner_client: Client
) -> None:
    with factories.as_publisher():
        OveragePrice.objects.create(dimension="emails", unit_price=Decimal("0.02"), is_active=True)
        OveragePrice.objects.create(dimension="quotes", unit_price=Decimal("9.99"), is_active=False)
    with time_machine.travel(NOV, tick=False):
        with workshop_scope(workshop.pk):
            give(workshop, quotes=10, emails=100, storage=20 * GIGABYTE)
            consume(workshop=workshop, dimension=Dimension.QUOTES, amount=8)
            consume(workshop=workshop, dimension=Dimension.STORAGE, amount=5 * GIGABYTE)
            consume(workshop=workshop, dimension=Dimension.PROJECTS, amount=3)
        body = text(owner_client.get(PAGE, headers={"accept-language": "en"}))
    assert "80 %" in body
    assert 'aria-valuenow="25"' in body
    assert "0,02 €" in body or "€0.02" in body
    assert "9,99" not in body
    assert "9.99" not in body
    for address in ("devis/?statut=brouillon", "imports/clients/", "reglages/historique/", "compte/profil/"):
        assert address in body


@pytest.mark.spec("PLN-06")
def test_the_days_of_the_counter_asked_for_are_drawn_with_their_figures(
    workshop: Workshop, owner_client: Client
) -> None:
    with workshop_scope(workshop.pk):
        consume(workshop=workshop, dimension=Dimension.QUOTES, amount=41)
        consume(workshop=workshop, dimension=Dimension.EMAILS, amount=17)
    body = text(owner_client.get(f"{PAGE}?compteur=emails"))
    assert 'class="bar-chart"' in body
    assert ">17<" in body
    assert ">41<" not in body
    assert ">41<" in text(owner_client.get(f"{PAGE}?compteur=nothing-of-the-kind"))


def test_a_workshop_without_limit_nor_use_is_told_so(owner_client: Client) -> None:
    body = text(owner_client.get(PAGE))
    assert 'role="meter"' not in body
    assert 'class="bar-chart"' not in body


@pytest.mark.spec("ROL-09")
def test_only_owner_and_administrator_open_it_and_only_the_owner_sees_amounts(
    workshop: Workshop, owner: Membership, operator_client: Client, viewer_client: Client, stranger_client: Client
) -> None:
    admin = factories.member(workshop, Role.ADMIN)
    assert operator_client.get(PAGE).status_code == viewer_client.get(PAGE).status_code == 403
    assert stranger_client.get(PAGE).status_code == 404
    shown = signed_in(admin).get(PAGE)
    assert shown.status_code == 200
    assert "next_month" not in shown.context
    assert "next_month" in signed_in(owner).get(PAGE).context
    assert signed_in(owner).post(PAGE).status_code == 405


@pytest.mark.spec("ONB-10", "SUB-05")
def test_it_stays_readable_when_the_workshop_can_only_be_read(workshop: Workshop, owner_client: Client) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.update(writable_until=NOV - timedelta(days=1000), suspended_at=NOV - timedelta(days=1000))
    assert owner_client.get(PAGE).status_code == 200


def test_the_page_asks_little_of_the_database(workshop: Workshop, owner_client: Client) -> None:
    with workshop_scope(workshop.pk):
        give(workshop, **dict.fromkeys(Dimension.values, 10))
        for dimension in Dimension:
            consume(workshop=workshop, dimension=dimension)
    owner_client.get(PAGE)
    with at_most(18):
        owner_client.get(PAGE)


# -- the cost of the next month


@pytest.mark.spec("PLN-09")
class TestNextMonth:
    def subscribed(self, workshop: Workshop, **fields: Any) -> Subscription:
        plan = Offer.objects.get(key="pro")
        option = factories.offer(kind=OfferKind.OPTION, price_excl_tax=Decimal(10), name="Stockage")
        held = Subscription.objects.create(
            workshop=workshop, status=BillingStatus.ACTIVE, plan=plan, **{"period_end": NOV, **fields}
        )
        for offer, price, quantity in ((plan, 99, 1), (option, 10, 3)):
            SubscribedItem.objects.create(
                workshop=workshop, subscription=held, offer=offer, unit_price=price, quantity=quantity, starts_at=NOV
            )
        return held

    def test_it_is_the_plan_and_its_options_with_vat(self, in_scope: Workshop) -> None:
        with factories.as_publisher():
            load_plans_here()
        self.subscribed(in_scope)
        cost = next_month(in_scope)
        assert (cost.amounts.excl_tax, cost.amounts.incl_tax) == (Decimal("129.00"), Decimal("154.80"))
        assert [(name, quantity) for name, quantity, _price in cost.items] == [("Pro", 1), ("Stockage", 3)]

    def test_nothing_is_foreseen_of_what_ends(self, in_scope: Workshop) -> None:
        with factories.as_publisher():
            load_plans_here()
        self.subscribed(in_scope, cancel_at=NOV)
        assert next_month(in_scope).items == ()

    def test_during_the_trial_it_is_that_of_the_plan_thought_of(self, in_scope: Workshop, actor: Actor) -> None:
        with factories.as_publisher():
            load_plans_here()
        start_trial(workshop=in_scope)
        assert in_scope.access_state == AccessState.TRIAL
        assert next_month(in_scope).items == ()
        want_plan(workshop=in_scope, actor=actor, plan=Offer.objects.get(key="lite"))
        cost = next_month(in_scope)
        assert (cost.is_supposed, cost.amounts.excl_tax) == (True, Decimal("49.00"))


def load_plans_here() -> None:
    """The two public plans, written in the publisher's name from inside a workshop's scope."""
    for key, name, price in (("lite", "Lite", 49), ("pro", "Pro", 99)):
        Offer.objects.create(key=key, name=name, price_excl_tax=price, features=[Feature.CRM])


# -- warnings


@pytest.mark.spec("PLN-05", "PLN-06")
class TestWarnings:
    def mails(self) -> list[tuple[str, str]]:
        kinds = ("quota_near", "quota_reached")
        return list(WorkshopEmail.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", "to"))

    def test_owners_and_administrators_are_told_once_for_each_threshold(
        self, workshop: Workshop, owner: Membership, operator: Membership
    ) -> None:
        admin = factories.member(workshop, Role.ADMIN)
        people = [owner.user.email, admin.user.email]
        with workshop_scope(workshop.pk):
            give(workshop, quotes=10)
            consume(workshop=workshop, dimension=Dimension.QUOTES, amount=8, now=NOV)
            for _ in range(3):
                warn_of_quotas(workshop=workshop, now=NOV)
            assert self.mails() == [("quota_near", email) for email in people]
            consume(workshop=workshop, dimension=Dimension.QUOTES, amount=2, now=NOV)
            for _ in range(3):
                warn_of_quotas(workshop=workshop, now=NOV)
            assert self.mails()[2:] == [("quota_reached", email) for email in people]

    def test_what_lasts_an_hour_is_told_once_a_day(self, workshop: Workshop, owner: Membership) -> None:
        with workshop_scope(workshop.pk):
            give(workshop, api_requests=1)
            for hours in (0, 1, 2):
                at = NOV + timedelta(hours=hours)
                consume(workshop=workshop, dimension=Dimension.API_REQUESTS, now=at)
                warn_of_quotas(workshop=workshop, now=at)
            assert len(self.mails()) == 1

    def test_the_mails_about_quotas_leave_though_the_quota_of_mails_is_reached(
        self, workshop: Workshop, owner: Membership
    ) -> None:
        with workshop_scope(workshop.pk):
            give(workshop, emails=1)
            consume(workshop=workshop, dimension=Dimension.EMAILS, now=NOV)
            warn_of_quotas(workshop=workshop, now=NOV)
            assert self.mails() == [("quota_reached", owner.user.email)]

    def test_a_refusal_on_a_screen_tells_the_owner_and_every_page_says_it(
        self, workshop: Workshop, owner: Membership, operator_client: Client,
        django_capture_on_commit_callbacks: Any,
    ) -> None:  # fmt: skip
        owner_client = signed_in(owner)
        with workshop_scope(workshop.pk):
            give(workshop, contacts=1)
        with django_capture_on_commit_callbacks(execute=True):
            for last_name in ("Premier", "Second"):
                answer = owner_client.post(
                    "/app/atelier-vulcain/clients/nouveau/",
                    {"type": "particulier", "last_name": last_name, "country": "FR"},
                )
        assert answer.status_code == 422
        with workshop_scope(workshop.pk):
            assert self.mails() == [("quota_reached", owner.user.email)]
            assert Customer.objects.count() == 1
            assert UsageDay.objects.get(dimension="contacts").refused == 1
        home = "/app/atelier-vulcain/"
        assert PAGE in text(owner_client.get(home))
        operators = text(operator_client.get(home))
        assert "banner-bad" in operators
        assert PAGE not in operators

    def test_a_page_of_a_workshop_far_from_its_limits_says_nothing(
        self, workshop: Workshop, owner_client: Client
    ) -> None:
        with workshop_scope(workshop.pk):
            give(workshop, contacts=100)
        assert "banner-bad" not in text(owner_client.get("/app/atelier-vulcain/"))


# -- what lifts a refusal


@pytest.mark.spec("PLN-03", "PLN-05")
class TestRemedies:
    @pytest.fixture(autouse=True)
    def catalogue(self, db: None) -> None:
        load_plans()
        factories.offer(key="more", name="Stockage en plus", kind=OfferKind.OPTION, price_excl_tax=Decimal(10),
                        limits={"storage": 100 * GIGABYTE}, is_public=False)  # fmt: skip

    def test_a_feature_is_lifted_by_what_is_sold_and_includes_it(self) -> None:
        assert [remedy.name for remedy in find_remedies(feature=Feature.WHEELS)] == ["Pro"]
        assert [remedy.name for remedy in find_remedies(feature=Feature.CRM)] == ["Lite", "Pro"]
        assert find_remedies(feature=Feature.WHITE_LABEL) == []
        assert find_remedies() == []

    def test_a_quota_is_lifted_by_a_larger_plan_or_an_option_that_adds(self) -> None:
        with factories.as_publisher():
            Offer.objects.filter(key="lite").update(limits={"quotes": 50})
        assert [remedy.name for remedy in find_remedies(dimension=Dimension.QUOTES, limit=50)] == ["Pro"]
        storage = find_remedies(dimension=Dimension.STORAGE, limit=20 * GIGABYTE)
        assert [(remedy.name, remedy.is_plan) for remedy in storage] == [("Stockage en plus", False)]

    def test_a_refusal_names_them(self, in_scope: Workshop) -> None:
        with pytest.raises(FeatureRefusedError, match="Pro"):
            require_feature(workshop=in_scope, feature=Feature.WHEELS)
        give(in_scope, storage=1)
        with pytest.raises(QuotaReachedError, match="Stockage en plus"):
            consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=2)

    def test_a_screen_that_does_not_say_it_itself_answers_the_page_of_the_quota(
        self, workshop: Workshop, owner_client: Client
    ) -> None:
        with workshop_scope(workshop.pk):
            quote = factories.quote(workshop)
            give(workshop, quotes=1)
        cache.clear()
        answer = owner_client.post(f"/app/atelier-vulcain/devis/{quote.pk}/copier/", follow=True)
        assert "Pro" in text(answer)
        with workshop_scope(workshop.pk):
            assert Usage.objects.get(dimension="quotes").used == 1


@pytest.mark.spec("PLN-17", "PLN-05")
def test_the_storage_of_a_subscribed_workshop_is_that_of_the_settings_and_its_options(in_scope: Workshop) -> None:
    with factories.as_publisher():
        load_plans_here()
    option = factories.offer(kind=OfferKind.OPTION, limits={"storage": 100 * GIGABYTE}, price_excl_tax=Decimal(10))
    plan = Offer.objects.get(key="pro")
    held = Subscription.objects.create(workshop=in_scope, status=BillingStatus.ACTIVE, plan=plan)
    SubscribedItem.objects.create(
        workshop=in_scope, subscription=held, offer=option, unit_price=10, quantity=2, starts_at=NOV
    )
    apply_access(workshop=in_scope)
    with pytest.raises(QuotaReachedError):
        consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=220 * GIGABYTE + 1)
    consume(workshop=in_scope, dimension=Dimension.STORAGE, amount=220 * GIGABYTE)


def test_features_given_by_the_publisher_are_not_refused(in_scope: Workshop) -> None:
    grant(workshop=in_scope, features=[Feature.WHITE_LABEL], source=Source.PUBLISHER, ends_at=None)
    require_feature(workshop=in_scope, feature=Feature.WHITE_LABEL)


def test_the_address_of_the_page() -> None:
    assert reverse("billing:usage", kwargs={"workshop_slug": "atelier-vulcain"}) == PAGE
