"""The places where a workshop works, and the choice of one for a project."""

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.projects.models import Project
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop
from app.tenancy.scope import workshop_scope
from app.workshops.selectors import list_sites
from app.workshops.services.sites import archive_site, main_site, save_site
from tests import factories

pytestmark = pytest.mark.django_db
HERE = "/app/atelier-vulcain/reglages/sites/"


@pytest.mark.spec("TEN-20")
def test_a_workshop_starts_with_one_site_and_its_projects_are_there(in_scope: Workshop) -> None:
    assert main_site(workshop=in_scope) == main_site(workshop=in_scope)
    assert [site.name for site in list_sites()] == [in_scope.city]
    assert factories.project(in_scope).site == main_site(workshop=in_scope)


@pytest.mark.spec("TEN-20")
def test_the_site_is_asked_for_only_when_there_are_two(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
    edit = f"/app/atelier-vulcain/projets/{project.pk}/modifier/"
    assert 'name="site"' not in owner_client.get(edit).content.decode()
    assert owner_client.post(HERE, {"name": "  Annexe   sud "}).status_code == 302
    with workshop_scope(workshop.pk):
        annexe = Site.objects.get(name="Annexe sud")
    assert 'name="site"' in owner_client.get(edit).content.decode()
    assert owner_client.post(edit, {"priority": 2, "site": annexe.pk}).status_code == 302
    with workshop_scope(workshop.pk):
        assert Project.objects.get(pk=project.pk).site == annexe
        assert AuditEntry.objects.get(action="project.edited").changes["site"][1] == "Annexe sud"


@pytest.mark.spec("TEN-20")
def test_names_are_told_apart_and_the_main_site_stays(in_scope: Workshop, actor: Actor) -> None:
    first = main_site(workshop=in_scope)
    annexe = save_site(workshop=in_scope, actor=actor, name="Annexe")
    for name in ("annexe", " ", in_scope.city.upper()):
        with pytest.raises(RuleError):
            save_site(workshop=in_scope, actor=actor, name=name)
    with pytest.raises(RuleError):
        archive_site(workshop=in_scope, actor=actor, site=first)
    archive_site(workshop=in_scope, actor=actor, site=annexe)
    assert list(list_sites()) == [first]
    assert save_site(workshop=in_scope, actor=actor, name="ANNEXE").pk == annexe.pk  # put away, it comes back
    assert len(list_sites()) == 2


def test_a_refused_name_is_said_beside_the_field(owner_client: Client, workshop: Workshop) -> None:
    owner_client.post(HERE, {"name": "Annexe"})
    refused = owner_client.post(HERE, {"name": "annexe"})
    assert refused.status_code == 422
    assert "new-site-error" in refused.content.decode()
