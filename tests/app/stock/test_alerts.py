"""The alerts of the stock: once for each crossing, graver when nothing is left, gone with their cause, told as chosen."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from app.audit.models import AuditEntry
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.notify.alerts import AlertCause, AlertLevel
from app.notify.events import StaffEvent
from app.notify.models import Alert, WorkshopEmail
from app.notify.selectors import count_new_alerts
from app.notify.services.alerting import Concern, raise_alert
from app.notify.services.staff import choose
from app.stock.services.watching import set_alert, watch_workshop
from app.tenancy.models import Membership, Site, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.stock.stage import Stage
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/app/atelier-vulcain/alertes/"


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    cache.clear()
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def owner(shop: Workshop) -> Membership:
    return factories.member(shop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")


@pytest.fixture
def desk(owner: Membership) -> Client:
    return signed_in(owner)


@pytest.fixture
def stage(shop: Workshop, owner: Membership) -> Stage:
    """20 kg of a powder that is low under 10 kg."""
    with workshop_scope(shop.pk):
        grant(workshop=shop, features=Feature.values, source=Source.PLAN, ends_at=None)
        stage = Stage(shop)
        stage.receive()
        set_alert(workshop=shop, actor=factories.ACTOR, item=stage.item, alert_below=Decimal(10), alert_days=None)
    return stage


def use(stage: Stage, quantity: str) -> None:
    with workshop_scope(stage.workshop.pk):
        stage.use(quantity)
        watch_workshop(workshop=stage.workshop)


def alerts(stage: Stage) -> Sequence[Alert]:
    with workshop_scope(stage.workshop.pk):
        return list(Alert.objects.select_related("site").order_by("pk"))


def told(stage: Stage) -> list[str]:
    with workshop_scope(stage.workshop.pk):
        return list(
            WorkshopEmail.objects.filter(kind="staff_event").order_by("pk").values_list("dedupe_key", flat=True)
        )


@pytest.mark.spec("STK-10")
def test_an_alert_comes_once_grows_graver_and_goes_by_itself(stage: Stage) -> None:
    for _time in range(2):
        use(stage, "6")  # 14, then 8 kg
    for _time in range(2):
        with workshop_scope(stage.workshop.pk):
            watch_workshop(workshop=stage.workshop)
    [low] = alerts(stage)
    assert (low.level, low.state, low.cause) == (AlertLevel.WARNING, "new", "stock_low")
    with workshop_scope(stage.workshop.pk):
        assert low.subject_pk == stage.item.pk
        assert low.path.endswith(f"/stock/{stage.item.pk}/")
        assert low.site == Site.objects.get()
    assert [key.split(":")[0] for key in told(stage)] == ["stock_low"]

    use(stage, "8")  # nothing is left
    use(stage, "1")
    [out] = alerts(stage)
    assert (out.pk, out.level, out.state) == (low.pk, AlertLevel.CRITICAL, "new")
    assert [key.split(":")[0] for key in told(stage)] == ["stock_low", "alert_critical"]

    with workshop_scope(stage.workshop.pk):
        stage.receive(2)
        watch_workshop(workshop=stage.workshop)
    [over] = alerts(stage)
    assert (over.state, over.resolved_by) == ("resolved", "")
    use(stage, "35")
    assert [(one.level, one.state) for one in alerts(stage)] == [(3, "resolved"), (2, "new")]


def test_somebody_sees_it_and_resolves_it_and_both_are_kept(stage: Stage, desk: Client, owner: Membership) -> None:
    use(stage, "12")
    [alert] = alerts(stage)
    assert count_new_alerts(stage.workshop.pk) == 1
    assert 'class="nav-badge">1<' in desk.get("/app/atelier-vulcain/stock/").content.decode()
    for _time in range(2):
        assert desk.post(f"{BASE}{alert.pk}/vue/").status_code == 302
    [seen] = alerts(stage)
    assert (seen.state, seen.seen_by) == ("seen", "Olivia Roche")
    assert count_new_alerts(stage.workshop.pk) == 0
    assert "nav-badge" not in desk.get("/app/atelier-vulcain/stock/").content.decode()
    for _time in range(2):
        assert desk.post(f"{BASE}{alert.pk}/resolue/").status_code == 302
    use(stage, "1")  # still low: the crossing is the same
    [resolved] = alerts(stage)
    assert (resolved.state, resolved.resolved_by) == ("resolved", "Olivia Roche")
    use(stage, "7")  # nothing left: graver, so new again
    [again] = alerts(stage)
    assert (again.level, again.state, again.seen_by, again.resolved_by) == (AlertLevel.CRITICAL, "new", "", "")
    with workshop_scope(stage.workshop.pk):
        trail = AuditEntry.objects.filter(action__startswith="alert.").order_by("pk")
        assert [one.action for one in trail] == ["alert.raised", "alert.seen", "alert.resolved", "alert.raised"]
        assert [one.user_id == owner.user_id for one in trail] == [False, True, True, False]


def test_the_same_crossing_raised_again_changes_nothing(stage: Stage, desk: Client) -> None:
    use(stage, "12")
    [alert] = alerts(stage)
    desk.post(f"{BASE}{alert.pk}/vue/")
    with workshop_scope(stage.workshop.pk):
        raise_alert(
            workshop=stage.workshop, actor=factories.ACTOR, cause=AlertCause.STOCK_LOW, level=AlertLevel.WARNING,
            since=alert.since, concern=Concern(stage.item, alert.path, alert.facts, alert.site),
        )  # fmt: skip
    assert [one.state for one in alerts(stage)] == ["seen"]


@pytest.mark.spec("REP-32")
@pytest.mark.parametrize("wanted", [True, False])
def test_a_critical_alert_is_mailed_at_once_to_who_wants_it(stage: Stage, owner: Membership, wanted: bool) -> None:
    with workshop_scope(stage.workshop.pk):
        factories.member(stage.workshop, Role.OPERATOR, email="omar@vulcain.test", first_name="Omar", last_name="Petit")
        choose(workshop=stage.workshop, user_pk=owner.user_id, wanted={StaffEvent.ALERT_CRITICAL: (wanted, False)})
    use(stage, "20")
    with workshop_scope(stage.workshop.pk):
        mails = WorkshopEmail.objects.filter(kind="staff_event", dedupe_key__startswith="alert_critical")
        assert [mail.to for mail in mails] == (["olivia@vulcain.test"] if wanted else [])


def test_the_list_filters_by_state_level_cause_and_site(stage: Stage, desk: Client) -> None:
    use(stage, "12")
    with workshop_scope(stage.workshop.pk):
        here = Site.objects.get().pk
        elsewhere = Site.objects.create(workshop=stage.workshop, name="Annexe").pk
        link = f"/stock/{stage.item.pk}/"
    for query, is_there in (
        ("", True), ("?etat=new", True), ("?etat=seen", False), ("?etat=resolved", False), ("?niveau=2", True),
        ("?niveau=3", False), ("?cause=stock_low", True), ("?cause=stock_drift", False), (f"?site={here}", True),
        (f"?site={elsewhere}", False), ("?etat=x&niveau=²&site=99999999999999999999", True), ("?apres=zz", True),
    ):  # fmt: skip
        page = desk.get(f"{BASE}{query}")
        assert page.status_code == 200
        assert (f'row-link" href="/app/atelier-vulcain{link}"' in page.content.decode()) is is_there, query


def test_who_may_not_is_refused_and_nothing_changes(stage: Stage, shop: Workshop) -> None:
    use(stage, "12")
    [alert] = alerts(stage)
    reader = signed_in(factories.member(shop, Role.VIEWER, email="vera@vulcain.test"))
    stranger = signed_in(factories.member(factories.workshop(), Role.OWNER, email="paul@ailleurs.test"))
    assert reader.get(BASE).status_code == 200
    for act in ("vue", "resolue"):
        assert reader.post(f"{BASE}{alert.pk}/{act}/").status_code == 403
        assert stranger.post(f"{BASE}{alert.pk}/{act}/").status_code == 404
        assert reader.get(f"{BASE}{alert.pk}/{act}/").status_code == 405
    assert stranger.get(BASE).status_code == 404
    assert [one.state for one in alerts(stage)] == ["new"]


def test_an_alert_that_is_not_there_is_not_found(stage: Stage, desk: Client) -> None:
    assert desk.post(f"{BASE}987654/vue/").status_code == 404
