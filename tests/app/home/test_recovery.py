"""A lost second factor: only the publisher removes it, and everybody concerned knows."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from app.audit.models import AuditEntry
from app.notify.models import PlatformEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope


def reset(email: str, reason: str = "rappelée à l'atelier") -> str:
    output = StringIO()
    call_command("reset_second_factor", email, reason=reason, stdout=output)
    return output.getvalue()


@pytest.mark.spec("ACT-04", "ACT-05")
def test_an_owner_who_lost_everything_enrols_again_and_the_workshop_knows(
    owner: Membership, owner_client: Client, workshop: Workshop
) -> None:
    assert "removed" in reset(owner.user.email.upper())
    assert not Authenticator.objects.filter(user=owner.user).exists()
    owner_client.force_login(owner.user, backend="app.accounts.backends.PersonBackend")
    assert owner_client.get("/app/atelier-vulcain/").headers["Location"] == "/compte/second-facteur/"
    assert PlatformEmail.objects.filter(to=owner.user.email).count() == 1
    with workshop_scope(workshop.pk):
        entry = AuditEntry.objects.get(action="account.second_factor_removed")
        assert (entry.actor, entry.changes) == ("ThermoGestion", {"reason": "rappelée à l'atelier"})


@pytest.mark.spec("ACT-05")
@pytest.mark.parametrize(("email", "reason"), [("nobody@exemple.test", "x"), ("olivia@vulcain.test", " ")])
def test_without_a_person_or_a_reason_nothing_is_removed(owner: Membership, email: str, reason: str) -> None:
    with pytest.raises(CommandError):
        reset(email, reason)
    assert Authenticator.objects.filter(user=owner.user).exists()


def test_who_has_none_keeps_their_sessions(operator: Membership) -> None:
    with pytest.raises(CommandError):
        reset(operator.user.email)
