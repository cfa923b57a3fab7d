"""The permission matrix of the requirements, cell by cell, written here again so that the code cannot drift."""

import pytest
from django.test import Client

from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import GRANTABLE_ROLES, MATRIX, Module, Permission, Role, permissions_of
from tests import factories
from tests.conftest import signed_in

# One line per module: the rights that the module holds, then what each role may do with them.
# a = every right of the line; the letters otherwise name single rights; - = nothing.
ROLES = ["owner", "admin", "manager", "operator", "accountant", "sales", "marketing", "support", "viewer"]
TABLE = {
    "home": ("v=home.view p=prices.see", "a a a v a a v v a"),
    "customers": (
        "r=customers.read e=customers.edit d=customers.delete x=customers.export m=messages.read",
        "a a re - r - - - r",
    ),
    "quotes": ("r=quotes.read e=quotes.edit", "a a a - a - - - r"),
    "projects": ("r=projects.read u=projects.update m=projects.manage f=floor.use", "a a a ruf r - - - r"),
    "batches": ("r=batches.read e=batches.edit", "a a a a - - - - r"),
    "stock": ("r=powders.read e=powders.edit s=stock.read w=stock.weigh c=stock.edit", "a a a rsw rs - - - rs"),
    "invoices": ("r=invoices.read e=invoices.edit", "a a r - a - - - r"),
    "accounting": ("x=accounting.export", "a a - - a - - - -"),
    "settings": ("e=settings.edit p=profile.edit", "a a p p p p p p p"),
    "team": ("m=team.manage", "a a - - - - - - -"),
    "subscription": ("r=subscription.read m=subscription.manage", "a r - - - - - - -"),
    "audit": ("r=audit.read", "a a - - - - - - -"),
}


def _rights(module: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in TABLE[module][0].split())


CELLS = [
    (module, role, cell)
    for module, (_rights_, cells) in TABLE.items()
    for role, cell in zip(ROLES, cells.split(), strict=True)
]


@pytest.mark.spec("ROL-10", "ROL-01", "ROL-02", "ROL-03", "ROL-04", "ROL-06")
@pytest.mark.parametrize(("module", "role", "cell"), CELLS)
def test_a_role_has_these_rights_in_this_module_and_no_other(module: str, role: str, cell: str) -> None:
    rights = _rights(module)
    wanted = set(rights.values()) if cell == "a" else {rights[letter] for letter in cell.replace("-", "")}
    held = {right.value for right in permissions_of([role])}
    assert held & set(rights.values()) == wanted
    assert {right.value for right in MATRIX[Module(module)][Role(role)].permissions} == wanted


@pytest.mark.spec("ROL-10")
def test_the_table_speaks_of_every_module_role_and_right() -> None:
    assert set(TABLE) == set(Module.values) == {module.value for module in MATRIX}
    assert set(ROLES) == set(Role.values)
    named = [right for module in TABLE for right in _rights(module).values()]
    assert sorted(named) == sorted(right.value for right in Permission)


@pytest.mark.spec("ROL-08")
def test_several_roles_add_up() -> None:
    both = permissions_of([Role.OPERATOR, Role.ACCOUNTANT])
    assert both == permissions_of([Role.OPERATOR]) | permissions_of([Role.ACCOUNTANT])
    assert {Permission.PROJECTS_UPDATE, Permission.QUOTES_EDIT} <= both


# What the rights become on real pages: allowed and refused.
PAGES = {
    "": "owner admin operator accountant viewer",
    "clients/": "owner admin accountant viewer",
    "clients/nouveau/": "owner admin",
    "devis/": "owner admin accountant viewer",
    "devis/nouveau/": "owner admin accountant",
    "projets/": "owner admin operator accountant viewer",
    "poudres/": "owner admin operator accountant viewer",
    "poudres/nouvelle/": "owner admin",
    "reglages/": "owner admin operator accountant viewer",
    "atelier/": "owner admin operator",
    "atelier/journee/": "owner admin operator accountant viewer",
    "reglages/tablettes/": "owner admin",
    "reglages/tablettes/mon-code/": "owner admin operator",
    "reglages/identite/": "owner admin",
    "reglages/adresse/": "owner admin",
    "reglages/numeros/": "owner admin",
    "reglages/equipe/": "owner admin",
    "reglages/droits/": "owner admin",
    "reglages/historique/": "owner admin",
    "reglages/abonnement/": "owner admin",
    "reglages/e-mails/": "owner admin",
    "demarrage/": "owner admin",
}


@pytest.mark.django_db
@pytest.mark.spec("ROL-09", "ROL-11")
@pytest.mark.parametrize("role", GRANTABLE_ROLES)
def test_pages_open_to_the_roles_of_the_table_only(workshop: Workshop, role: Role) -> None:
    client = signed_in(factories.member(workshop, role))
    for path, roles in PAGES.items():
        answer = client.get(f"/app/{workshop.slug}/{path}")
        assert answer.status_code == (200 if role.value in roles.split() else 403), path


@pytest.mark.django_db
@pytest.mark.spec("ROL-06")
def test_a_viewer_writes_nothing(viewer_client: Client, workshop: Workshop, owner: Membership) -> None:
    for path in (
        "clients/nouveau/",
        "devis/nouveau/",
        "poudres/nouvelle/",
        "reglages/identite/",
        f"reglages/equipe/{owner.pk}/",
    ):
        assert viewer_client.post(f"/app/{workshop.slug}/{path}", {}).status_code == 403


@pytest.mark.django_db
@pytest.mark.spec("ROL-10")
def test_the_matrix_is_shown_as_it_is_applied(owner_client: Client, workshop: Workshop) -> None:
    html = owner_client.get(f"/app/{workshop.slug}/reglages/droits/").content.decode()
    assert html.count("<tr>") == len(MATRIX) + 1
    assert html.count('<th scope="col">') == len(Role) + 1


@pytest.mark.django_db
@pytest.mark.spec("ROL-09", "SCR-13")
def test_the_settings_offer_what_the_role_opens_and_every_offer_opens(workshop: Workshop) -> None:
    for role in GRANTABLE_ROLES:
        client = signed_in(factories.member(workshop, role))
        page = client.get(f"/app/{workshop.slug}/reglages/")
        offers = [subject["url"] for section in page.context["sections"] for subject in section["subjects"]]
        answers = {url: client.get(url, follow=True).status_code for url in offers}
        assert set(answers.values()) == {200}, answers
        if role in (Role.OWNER, Role.ADMIN):
            assert len(offers) > 10
        else:
            assert len(offers) == (6 if role == Role.OPERATOR else 5)
