"""Members and invitations: what the screens do, and what they refuse."""

import re
from io import BytesIO
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.notify.models import WorkshopEmail
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Invitation, Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
TEAM = "/app/atelier-vulcain/reglages/equipe/"
INVITATION = {
    "first_name": "Inès",
    "last_name": "Moreau",
    "email": "Ines@vulcain.test",
    "roles": [Role.OPERATOR],
    "department": "Atelier",
    "starts_on": "2026-12-01",
}


def _invite(client: Client, **changes: Any) -> Any:
    return client.post(f"{TEAM}inviter/", {**INVITATION, **changes})


def _link(workshop: Workshop) -> str:
    """The path in the last invitation that left."""
    with workshop_scope(workshop.pk):
        mail = WorkshopEmail.objects.filter(kind="team_invitation").latest("pk")
    found = re.search(r"http://testserver(/invitation/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


def _invitation(workshop: Workshop) -> Invitation:
    with workshop_scope(workshop.pk):
        return Invitation.objects.latest("pk")


def _member(workshop: Workshop, user: User) -> Membership | None:
    with workshop_scope(workshop.pk):
        return Membership.objects.filter(user=user).first()


def _actions(workshop: Workshop) -> list[str]:
    with workshop_scope(workshop.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def admin(workshop: Workshop) -> Membership:
    return factories.member(workshop, Role.ADMIN, email="adele@vulcain.test", first_name="Adèle", last_name="Bon")


@pytest.fixture
def admin_client(admin: Membership) -> Client:
    return signed_in(admin)


@pytest.mark.spec("TEA-01")
def test_the_team_is_searched_and_filtered(owner_client: Client, operator: Membership, accountant: Membership) -> None:
    everybody = owner_client.get(TEAM).content.decode()
    assert all(name in everybody for name in ("Olivia Roche", "Omar Petit", "Ada Blin"))
    assert "Omar" in owner_client.get(TEAM, {"q": "omar@"}).content.decode()
    found = owner_client.get(TEAM, {"role": Role.ACCOUNTANT}).content.decode()
    assert "Ada Blin" in found and "Omar Petit" not in found
    assert "Omar Petit" not in owner_client.get(TEAM, {"statut": "inactive"}).content.decode()


@pytest.mark.spec("TEA-02", "EML-02", "TEN-08")
def test_a_new_person_joins_with_a_password_by_the_link(
    owner_client: Client, workshop: Workshop, client: Client
) -> None:
    assert _invite(owner_client).status_code == 302
    path = _link(workshop)
    assert client.get(path).status_code == 200
    form = {"first_name": "Inès", "last_name": "Moreau", "password": factories.PASSWORD}
    assert client.post(path, form)["Location"] == "/app/"
    user = User.objects.get(email="ines@vulcain.test")
    assert EmailAddress.objects.get(user=user).verified
    member = _member(workshop, user)
    assert member and (member.roles, member.department, str(member.starts_on)) == (
        [Role.OPERATOR],
        "Atelier",
        "2026-12-01",
    )
    assert client.get("/app/atelier-vulcain/").status_code == 200
    assert {"invitation.sent", "invitation.accepted"} <= set(_actions(workshop))
    assert Client().get(path).status_code == 410  # used


@pytest.mark.spec("TEA-02", "ACT-12")
def test_a_new_person_joins_with_a_photo_and_a_file_that_is_none_joins_nothing(
    owner_client: Client, workshop: Workshop, client: Client
) -> None:
    _invite(owner_client)
    path = _link(workshop)
    assert 'enctype="multipart/form-data"' in client.get(path).content.decode()
    form = {"first_name": "Inès", "last_name": "Moreau", "password": factories.PASSWORD}
    answer = client.post(path, {**form, "photo": SimpleUploadedFile("moi.png", b"rien", "image/png")})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["photo"])
    assert not User.objects.filter(email="ines@vulcain.test").exists()
    assert _invitation(workshop).accepted_at is None
    picture = BytesIO()
    Image.new("RGB", (40, 20), "red").save(picture, "PNG")
    photo = SimpleUploadedFile("moi.png", picture.getvalue(), "image/png")
    assert client.post(path, {**form, "photo": photo})["Location"] == "/app/"
    shown = client.get(f"/compte/photo/{User.objects.get(email='ines@vulcain.test').photo_file_id}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")


@pytest.mark.spec("TEA-02", "TEA-03")
def test_the_screens_of_a_member_say_what_is_the_person_s_own(owner_client: Client, operator: Membership) -> None:
    with translation.override("fr"):
        said = gettext("The person checks their name when they join, and may add a photo.")
    assert said in owner_client.get(f"{TEAM}inviter/").content.decode()
    assert "appartiennent à la personne" in owner_client.get(f"{TEAM}{operator.pk}/").content.decode()


@pytest.mark.spec("TEA-06")
def test_a_weak_password_joins_nothing(owner_client: Client, workshop: Workshop, client: Client) -> None:
    _invite(owner_client)
    form = {"first_name": "Inès", "last_name": "Moreau", "password": "motdepasse"}
    assert client.post(_link(workshop), form).status_code == 422
    assert not User.objects.filter(email="ines@vulcain.test").exists()


@pytest.mark.spec("TEA-06", "TEN-07")
def test_a_person_with_an_account_signs_in_then_joins(
    owner_client: Client, workshop: Workshop, stranger: Membership
) -> None:
    _invite(owner_client, email=stranger.user.email)
    path = _link(workshop)
    answer = Client().get(path).content.decode()
    assert "/compte/login/?next=" in answer and 'name="password"' not in answer
    theirs = signed_in(stranger)
    assert theirs.get(path).status_code == 200
    assert _member(workshop, stranger.user) is None
    assert theirs.post(path)["Location"] == "/app/atelier-vulcain/"
    assert _member(workshop, stranger.user)
    choice = theirs.get("/app/").content.decode()
    assert "Atelier Vulcain" in choice and "Laquage Concurrent" in choice


@pytest.mark.spec("TEA-06")
def test_an_invitation_is_of_no_use_to_somebody_else(
    owner_client: Client, workshop: Workshop, stranger_client: Client, stranger: Membership
) -> None:
    _invite(owner_client)
    path = _link(workshop)
    assert stranger_client.get(path).status_code == 403
    assert stranger_client.post(path).status_code == 403
    assert _member(workshop, stranger.user) is None
    assert _invitation(workshop).accepted_at is None


@pytest.mark.spec("TEA-06")
@pytest.mark.parametrize("days", [8])
def test_an_invitation_expires_after_seven_days(
    owner_client: Client, workshop: Workshop, client: Client, days: int
) -> None:
    with time_machine.travel("2026-11-20 10:00Z", tick=False):
        _invite(owner_client)
        path = _link(workshop)
    with time_machine.travel("2026-11-27 09:59Z", tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel("2026-11-27 10:01Z", tick=False):
        assert client.get(path).status_code == 410
        assert client.post(path, {"password": factories.PASSWORD}).status_code == 410


@pytest.mark.spec("TEA-06")
def test_sending_again_gives_seven_days_and_ends_the_former_link(
    owner_client: Client, workshop: Workshop, client: Client
) -> None:
    with time_machine.travel("2026-11-20 10:00Z", tick=False):
        _invite(owner_client)
        first = _link(workshop)
    with time_machine.travel("2026-11-26 10:00Z", tick=False):
        owner_client.force_login(_member_user(workshop))
        owner_client.post(f"{TEAM}invitations/{_invitation(workshop).pk}/renvoyer/")
        assert client.get(first).status_code == 410
        assert client.get(_link(workshop)).status_code == 200
    with time_machine.travel("2026-12-02 10:00Z", tick=False):
        assert client.get(_link(workshop)).status_code == 200


def _member_user(workshop: Workshop) -> User:
    with workshop_scope(workshop.pk):
        return Membership.objects.select_related("user").get(user__email="olivia@vulcain.test").user


@pytest.mark.spec("TEA-06")
def test_a_cancelled_invitation_opens_nothing(owner_client: Client, workshop: Workshop, client: Client) -> None:
    _invite(owner_client)
    path = _link(workshop)
    owner_client.post(f"{TEAM}invitations/{_invitation(workshop).pk}/annuler/")
    assert client.get(path).status_code == 410
    assert "invitation.cancelled" in _actions(workshop)


@pytest.mark.spec("TEA-06")
def test_a_forged_link_opens_nothing(client: Client, workshop: Workshop) -> None:
    assert client.get("/invitation/WzEsMV0:abc:def/").status_code == 410


@pytest.mark.spec("TEA-02")
@pytest.mark.parametrize(
    "changes",
    [
        {"email": "olivia@vulcain.test"},  # already a member
        {"email": "pas une adresse"},
        {"roles": []},
        {"roles": [Role.SALES]},  # waits for its module
        {"roles": ["emperor"]},
    ],
)
def test_bad_invitations_are_refused(owner_client: Client, workshop: Workshop, changes: dict[str, Any]) -> None:
    assert _invite(owner_client, **changes).status_code == 422
    with workshop_scope(workshop.pk):
        assert not Invitation.objects.exists()
        assert not WorkshopEmail.objects.exists()


@pytest.mark.spec("TEA-06", "TEN-07")
def test_an_invitation_to_the_second_address_of_somebody_leads_to_their_account(
    owner_client: Client, workshop: Workshop, client: Client, stranger: Membership
) -> None:
    EmailAddress.objects.create(user=stranger.user, email="ines@vulcain.test", verified=True, primary=False)
    _invite(owner_client)
    link = _link(workshop)
    for page in (
        client.get(link),
        client.post(link, {"first_name": "I", "last_name": "M", "password": "Kz7-vert-pomme"}),
    ):
        assert (page.status_code, next(template.name for template in page.templates)) == (
            200, "workshops/invitation_sign_in.html",
        )  # fmt: skip
    assert signed_in(stranger).post(link).status_code == 302
    assert _member(workshop, stranger.user)


def test_an_address_is_invited_once_at_a_time(owner_client: Client, workshop: Workshop) -> None:
    _invite(owner_client)
    assert _invite(owner_client).status_code == 422
    with workshop_scope(workshop.pk):
        assert Invitation.objects.count() == 1


@pytest.mark.spec("ROL-08", "ROL-02")
def test_an_admin_neither_makes_an_owner_nor_touches_one(
    admin_client: Client, owner: Membership, operator: Membership, workshop: Workshop
) -> None:
    assert _invite(admin_client, roles=[Role.OWNER]).status_code == 422
    assert admin_client.post(f"{TEAM}{operator.pk}/", {"roles": [Role.OWNER]}).status_code == 422
    assert admin_client.post(f"{TEAM}{owner.pk}/", {"roles": [Role.VIEWER]}).status_code == 422
    admin_client.post(f"{TEAM}{owner.pk}/desactiver/")
    held = _member(workshop, owner.user)
    assert held and (held.roles, held.status) == ([Role.OWNER], MemberStatus.ACTIVE)
    assert "member.updated" not in _actions(workshop)


@pytest.mark.spec("ROL-08", "TEA-03")
def test_roles_team_and_manager_change_with_old_and_new_values(
    owner_client: Client, owner: Membership, operator: Membership, workshop: Workshop
) -> None:
    form = {
        "roles": [Role.OPERATOR, Role.ACCOUNTANT],
        "department": "Four",
        "manager": owner.pk,
        "starts_on": "2026-01-05",
    }
    assert owner_client.post(f"{TEAM}{operator.pk}/", form).status_code == 302
    held = _member(workshop, operator.user)
    assert held and set(held.roles) == {Role.OPERATOR, Role.ACCOUNTANT} and held.manager_id == owner.pk
    with workshop_scope(workshop.pk):
        entry = AuditEntry.objects.get(action="member.updated")
    assert entry.changes["roles"] == [["operator"], ["accountant", "operator"]]
    assert entry.changes["department"] == ["", "Four"]
    assert entry.user_id == owner.user_id


@pytest.mark.spec("ROL-01")
def test_the_last_active_owner_stays(owner_client: Client, owner: Membership, workshop: Workshop) -> None:
    assert owner_client.post(f"{TEAM}{owner.pk}/", {"roles": [Role.ADMIN]}).status_code == 422
    owner_client.post(f"{TEAM}{owner.pk}/desactiver/")
    held = _member(workshop, owner.user)
    assert held and (held.roles, held.status) == ([Role.OWNER], MemberStatus.ACTIVE)


@pytest.mark.spec("ROL-01")
def test_an_owner_may_step_down_when_another_is_active(
    owner_client: Client, owner: Membership, workshop: Workshop
) -> None:
    second = factories.member(workshop, Role.OWNER, email="second@vulcain.test")
    owner_client.post(f"{TEAM}{second.pk}/desactiver/")  # an inactive Owner does not count
    assert owner_client.post(f"{TEAM}{owner.pk}/", {"roles": [Role.ADMIN]}).status_code == 422
    owner_client.post(f"{TEAM}{second.pk}/reactiver/")
    assert owner_client.post(f"{TEAM}{owner.pk}/", {"roles": [Role.ADMIN]}).status_code == 302


@pytest.mark.spec("TEA-03", "ACT-09")
def test_a_deactivated_member_is_out_at_once_and_can_come_back(
    owner_client: Client, operator: Membership, workshop: Workshop
) -> None:
    theirs = Client()
    theirs.post("/compte/login/", {"login": operator.user.email, "password": factories.PASSWORD})
    assert theirs.get("/app/atelier-vulcain/").status_code == 200
    owner_client.post(f"{TEAM}{operator.pk}/desactiver/")
    assert theirs.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")  # the session has ended
    theirs.force_login(operator.user, backend="app.accounts.backends.PersonBackend")
    assert theirs.get("/app/atelier-vulcain/").status_code == 404
    owner_client.post(f"{TEAM}{operator.pk}/reactiver/")
    assert theirs.get("/app/atelier-vulcain/").status_code == 200
    assert _actions(workshop)[-2:] == ["member.deactivated", "member.reactivated"]


@pytest.mark.spec("ACT-04")
def test_promotion_to_admin_asks_for_the_second_factor_at_the_next_request(
    owner_client: Client, operator: Membership
) -> None:
    theirs = signed_in(operator)
    assert theirs.get("/app/atelier-vulcain/").status_code == 200
    owner_client.post(f"{TEAM}{operator.pk}/", {"roles": [Role.ADMIN]})
    assert theirs.get("/app/atelier-vulcain/")["Location"] == "/compte/second-facteur/"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ACCOUNTANT, Role.VIEWER])
@pytest.mark.spec("ROL-09", "ROL-11")
def test_other_roles_do_not_see_the_team(workshop: Workshop, operator: Membership, role: Role) -> None:
    theirs = signed_in(factories.member(workshop, role))
    for path in (TEAM, f"{TEAM}inviter/", f"{TEAM}{operator.pk}/", "/app/atelier-vulcain/reglages/droits/"):
        assert theirs.get(path).status_code == 403
    assert theirs.post(f"{TEAM}{operator.pk}/desactiver/").status_code == 403
    held = _member(workshop, operator.user)
    assert held and held.is_active


def test_nobody_is_their_own_manager_even_through_others(
    owner_client: Client, owner: Membership, operator: Membership
) -> None:
    assert (
        owner_client.post(f"{TEAM}{operator.pk}/", {"roles": [Role.OPERATOR], "manager": owner.pk}).status_code == 302
    )
    answer = owner_client.post(f"{TEAM}{owner.pk}/", {"roles": [Role.OWNER], "manager": operator.pk})
    assert answer.status_code == 422


def test_a_manager_of_another_workshop_is_refused(
    owner_client: Client, operator: Membership, stranger: Membership, mailoutbox: list[EmailMessage]
) -> None:
    answer = owner_client.post(f"{TEAM}{operator.pk}/", {"roles": [Role.OPERATOR], "manager": stranger.pk})
    assert answer.status_code == 422
