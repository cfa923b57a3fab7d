"""The import of customers: what each line becomes, on whatever file, however often, whatever is killed."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from app.audit.models import AuditEntry
from app.crm.models import Customer
from app.crm.selectors import list_customers
from app.dataio.constants import ImportState, Outcome
from app.dataio.models import CustomerImport, ImportLine
from app.dataio.selectors import first_lines, get_import
from app.dataio.services import running
from app.dataio.services.inviting import confirm_invitations, invite_some
from app.dataio.services.preparing import abandon, confirm, keep_file, preview, set_mapping, set_rules, start_check
from app.dataio.services.running import work_on_import
from app.dataio.tasks import sweep
from app.files.models import StoredFile
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.dataio import files
from tests.factories import ACTOR

COUNTS = ("created", "updated", "duplicates", "refused")


def kept(workshop: Workshop, content: str | bytes, **rules: Any) -> CustomerImport:
    raw = content if isinstance(content, bytes) else content.encode()
    with workshop_scope(workshop.pk):
        held = keep_file(workshop=workshop, actor=ACTOR, name="clients.csv", file=BytesIO(raw))
        if rules:
            values = {"criteria": held.criteria, "decision": "skip", "tags": [], **rules}
            held = set_rules(held=held, **values)
    return held


def checked(workshop: Workshop, held: CustomerImport) -> CustomerImport:
    with workshop_scope(workshop.pk):
        start_check(workshop=workshop, held=held)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    return fresh(workshop, held)


def run(workshop: Workshop, content: str | bytes, **rules: Any) -> CustomerImport:
    held = checked(workshop, kept(workshop, content, **rules))
    with workshop_scope(workshop.pk):
        confirm(workshop=workshop, actor=ACTOR, held=held)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    return fresh(workshop, held)


def fresh(workshop: Workshop, held: CustomerImport) -> CustomerImport:
    with workshop_scope(workshop.pk):
        return get_import(held.pk)


def counts(held: CustomerImport) -> tuple[int, ...]:
    return tuple(getattr(held, name) for name in COUNTS)


def customers(workshop: Workshop) -> list[Customer]:
    with workshop_scope(workshop.pk):
        return list(list_customers())


def table(rows: Sequence[tuple[str, ...]]) -> str:
    return files.text(rows)


@pytest.mark.spec("CRM-30", "CRM-33", "CRM-35")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_list_in_any_usual_writing_gives_the_same_customers(
    workshop: Workshop, encoding: str, separator: str
) -> None:
    held = run(workshop, files.encoded(files.text(files.simple(), separator), encoding))
    assert (held.state, counts(held)) == (ImportState.DONE, (4, 0, 0, 0))
    found = {str(customer): customer for customer in customers(workshop)}
    assert set(found) == {"Zoé Lefèvre", "Métallerie Bœuf", "Inès Vidal", "Hervé Le Goff"}
    assert found["Zoé Lefèvre"].phone == "+33612345678"
    assert found["Hervé Le Goff"].phone == "+33755667788"
    assert (found["Métallerie Bœuf"].type, found["Métallerie Bœuf"].company) == ("pro", "Métallerie Bœuf")
    with workshop_scope(workshop.pk):
        assert list(list_customers(search="boeuf 0476")) == [found["Métallerie Bœuf"]]


@pytest.mark.spec("CRM-04", "CRM-30", "CRM-34")
def test_repeated_and_wrong_lines_are_told_with_their_reason_and_stop_no_other(workshop: Workshop) -> None:
    before = checked(workshop, kept(workshop, table(files.messy())))
    assert customers(workshop) == []
    held = run(workshop, table(files.messy()))
    assert counts(before) == counts(held) == (5, 0, 3, 2)
    with workshop_scope(workshop.pk):
        reasons = {line.line: line.reason for line in first_lines(held, Outcome.REFUSED)}
        repeated = {line.line for line in first_lines(held, Outcome.DUPLICATE)}
    assert set(reasons) == {8, 9}
    assert "ines(at)client.fr" in reasons[8]
    assert "06 12" in reasons[9]
    assert repeated == {3, 5, 7}
    phones = {customer.phone for customer in customers(workshop)}
    assert {"+33612000001", "+33612000002", "+33612000003"} <= phones


@pytest.mark.spec("CRM-37")
@pytest.mark.parametrize("decision", ["skip", "update", "create"])
@pytest.mark.parametrize("criteria", [["email", "phone", "name"], ["email"], []])
def test_the_same_file_twice_creates_nothing_twice(workshop: Workshop, decision: str, criteria: list[str]) -> None:
    content = table([*files.simple(), ("Sans rien", "", "", "", "", "", "", "Pro"), *files.many(30)])
    first = run(workshop, content, decision=decision, criteria=criteria)
    second = run(workshop, content, decision=decision, criteria=criteria)
    assert counts(first) == (35, 0, 0, 0)
    assert counts(second) == (0, 0, 35, 0)
    assert len(customers(workshop)) == 35


@pytest.mark.spec("CRM-30")
def test_update_completes_what_the_file_gives_and_keeps_the_rest(workshop: Workshop) -> None:
    run(workshop, table([("Vidal", "Inès", "ines@client.fr", "", "3 rue du Four", "38000", "Grenoble", "Pro")]))
    changed = [("Vidal-Roux", "Inès", "INES@client.fr", "0612345678", "", "", "Lyon", "")]
    assert counts(checked(workshop, kept(workshop, table(changed), decision="update"))) == (0, 1, 0, 0)
    held = run(workshop, table(changed), decision="update", tags=["Import 2026"])
    assert counts(held) == (0, 1, 0, 0)
    [customer] = customers(workshop)
    assert (customer.last_name, customer.phone, customer.city) == ("Vidal-Roux", "+33612345678", "Lyon")
    assert (customer.street, customer.type, customer.tags) == ("3 rue du Four", "pro", ["Import 2026"])
    with workshop_scope(workshop.pk):
        assert ImportLine.objects.get(source=held).changes["city"] == ["Grenoble", "Lyon"]
        assert list(list_customers(search="roux", tag="import 2026")) == [customer]


@pytest.mark.spec("CRM-30", "CRM-36")
def test_a_line_whose_lookalike_was_taken_by_the_line_before_finds_the_next_one(workshop: Workshop) -> None:
    both = "nom;telephone;email\nMartin;0612345678;a@client.fr\nMartin;0612345678;b@client.fr\n"
    assert counts(run(workshop, both, decision="create")) == (2, 0, 0, 0)
    lines = "nom;telephone;notes\nMartin;;Portail\nMartin;0612345678;Grille\n"
    held = run(workshop, lines, decision="update", criteria=["email"])
    assert (held.state, counts(held)) == (ImportState.DONE, (0, 2, 0, 0))
    assert sorted(customer.notes for customer in customers(workshop)) == ["Grille", "Portail"]


@pytest.mark.spec("CRM-30")
def test_create_makes_another_record_of_a_lookalike(workshop: Workshop) -> None:
    run(workshop, table([("Vidal", "Inès", "famille@client.fr", "", "", "", "", "")]))
    held = run(workshop, table([("Vidal", "Paul", "famille@client.fr", "", "", "", "", "")]), decision="create")
    assert counts(held) == (1, 0, 0, 0)
    assert {str(customer) for customer in customers(workshop)} == {"Inès Vidal", "Paul Vidal"}


@pytest.mark.spec("CRM-33")
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("prenom,nom,email,telephone,entreprise,poste,ville,pays,statut,source",
         "first_name,last_name,email,phone,company,job,city,country,status,source"),
        ("Name,Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value,Organization 1 - Name,Address 1 - City",
         None),
        ("Raison sociale,Adresse 1 (facturation),Code postal (facturation),Ville (facturation),Téléphone portable,"
         "N° TVA",
         "company,street,postcode,city,mobile,vat_number"),
        ("Intitulé,N° SIRET,Code postal,Pays,Courriel", "company,siret,postcode,country,email"),
        ("Nom,Est une société,Rue,Zip,Étiquettes", "last_name,type,street,postcode,tags"),
    ],
)  # fmt: skip
def test_columns_of_other_software_are_recognised(workshop: Workshop, header: str, expected: str | None) -> None:
    held = kept(workshop, f"{header}\n" + ",".join("a" for _cell in header.split(",")))
    found = {index: name for name, index in held.mapping.items()}
    if expected:
        assert [found.get(index) for index in range(len(found))] == expected.split(",")
    else:
        assert {held.mapping[name] for name in ("first_name", "email", "phone", "company", "city")} == {1, 3, 4, 5, 6}


@pytest.mark.spec("CRM-36")
def test_what_the_record_has_no_place_for_goes_to_its_notes(workshop: Workshop) -> None:
    run(workshop, "nom,telephone,mobile,poste,source\nVidal,0476000000,0612345678,Gérante,Salon\n")
    [customer] = customers(workshop)
    assert customer.phone == "+33476000000"
    assert all(word in customer.notes for word in ("0612345678", "Gérante", "Salon"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("pdf", b"%PDF-1.7 rest", "PDF"),
        ("xlsx", b"PK\x03\x04rest", "XLSX"),
        ("empty", b"", "."),
        ("header only", b"nom;email\r\n", "."),
        ("no header", b"Vidal;ines@client.fr\r\nRoux;a@b.fr\r\n", "ines@client.fr"),
        ("binary", bytes(range(256)) * 20, "."),
        ("too large", b"nom;email\r\n" + b"a;b\r\n" * (4 * 1024 * 1024 + 1), "20"),
    ],
)
@pytest.mark.spec("CRM-34")
def test_a_file_that_is_no_list_is_refused_and_nothing_is_kept(
    in_scope: Workshop, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        keep_file(workshop=in_scope, actor=ACTOR, name=f"{name}.csv", file=BytesIO(content))
    assert not CustomerImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_file_that_names_nobody_is_not_checked(workshop: Workshop) -> None:
    held = kept(workshop, "ville;couleur\nLyon;7016\n")
    with workshop_scope(workshop.pk):
        with pytest.raises(RuleError):
            start_check(workshop=workshop, held=held)
        with pytest.raises(RuleError):
            set_mapping(held=held, mapping={"city": 0})
        set_mapping(held=held, mapping={"company": 0})
        start_check(workshop=workshop, held=held)


def test_nothing_is_written_before_the_confirmation(workshop: Workshop) -> None:
    held = kept(workshop, table(files.simple()))
    with workshop_scope(workshop.pk):
        assert [line.outcome for line in preview(held)] == [Outcome.CREATED] * 4
        with pytest.raises(RuleError):
            confirm(workshop=workshop, actor=ACTOR, held=held)
    assert checked(workshop, held).state == ImportState.CHECKED
    assert customers(workshop) == []
    with workshop_scope(workshop.pk):
        abandon(actor=ACTOR, held=held)
        assert not CustomerImport.objects.exists()
        assert not StoredFile.objects.exists()


class Killed(BaseException):
    """The worker dies here."""


@pytest.mark.spec("CRM-35")
@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    held = checked(workshop, kept(workshop, table(files.many(45)), criteria=[]))
    with workshop_scope(workshop.pk):
        confirm(workshop=workshop, actor=ACTOR, held=held)
    advance, plan = running._advance, running.Planner.plan
    calls = []

    def dying_advance(*args: Any) -> None:
        advance(*args)
        calls.append(1)
        if when == "before the commit" and len(calls) == 3:
            raise Killed

    def dying_plan(*args: Any) -> Any:
        if when == "after the commit" and len(calls) == 3:
            raise Killed
        return plan(*args)

    monkeypatch.setattr(running, "_advance", dying_advance)
    monkeypatch.setattr(running.Planner, "plan", dying_plan)
    with pytest.raises(Killed):
        work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    kept_rows = 20 if when == "before the commit" else 30
    assert len(customers(workshop)) == fresh(workshop, held).done == kept_rows
    monkeypatch.setattr(running, "_advance", advance)
    monkeypatch.setattr(running.Planner, "plan", plan)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    after = fresh(workshop, held)
    assert (after.state, counts(after), len(customers(workshop))) == (ImportState.DONE, (45, 0, 0, 0), 45)
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.filter(action="customer.imported").count() == 1


def test_an_import_that_no_longer_moves_is_sent_again(
    workshop: Workshop, django_capture_on_commit_callbacks: Any
) -> None:
    held = kept(workshop, table(files.simple()))
    with workshop_scope(workshop.pk):
        start_check(workshop=workshop, held=held)
    sweep()
    assert fresh(workshop, held).state == ImportState.CHECKING
    with workshop_scope(workshop.pk):
        CustomerImport.objects.update(moved_at=timezone.now() - timezone.timedelta(minutes=5))
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert fresh(workshop, held).state == ImportState.CHECKED


def test_a_file_lost_by_the_storage_stops_the_import_with_words(workshop: Workshop) -> None:
    held = kept(workshop, table(files.simple()))
    with workshop_scope(workshop.pk):
        start_check(workshop=workshop, held=held)
        CustomerImport.objects.filter(pk=held.pk).update(file_id=None)
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    after = fresh(workshop, held)
    assert after.state == ImportState.FAILED
    assert after.failure


@pytest.mark.spec("CRM-30")
def test_only_one_import_runs_at_a_time(workshop: Workshop) -> None:
    one, two = (checked(workshop, kept(workshop, table(files.simple()))) for _time in range(2))
    with workshop_scope(workshop.pk):
        confirm(workshop=workshop, actor=ACTOR, held=one)
        with pytest.raises(RuleError):
            confirm(workshop=workshop, actor=ACTOR, held=two)
        with pytest.raises(RuleError):
            confirm(workshop=workshop, actor=ACTOR, held=one)
    work_on_import(workshop_id=workshop.pk, import_pk=one.pk)
    with workshop_scope(workshop.pk):
        confirm(workshop=workshop, actor=ACTOR, held=two)


@pytest.mark.spec("CRM-31", "EML-40")
def test_invitations_leave_only_when_asked_once_to_those_who_have_an_address(workshop: Workshop) -> None:
    held = run(workshop, table(files.simple()))
    with workshop_scope(workshop.pk):
        assert not WorkshopEmail.objects.exists()
        confirm_invitations(workshop=workshop, actor=ACTOR, held=held)
        for _time in range(3):
            invite_some(workshop=workshop, import_pk=held.pk)
        sent = WorkshopEmail.objects.filter(kind="portal_invitation")
        assert {email.to for email in sent} == {"zoe@client.fr", "contact@boeuf.fr", "ines@client.fr"}
        assert get_import(held.pk).invited == 3
        with pytest.raises(RuleError):
            confirm_invitations(workshop=workshop, actor=ACTOR, held=held)
    assert fresh(workshop, held).invite_done_at


@pytest.mark.spec("CRM-35")
def test_the_file_goes_when_the_import_is_done(workshop: Workshop) -> None:
    held = run(workshop, table(files.simple()))
    assert held.file_id is None
    with workshop_scope(workshop.pk):
        assert not StoredFile.objects.exists()
