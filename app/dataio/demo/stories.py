"""The life of one quote, from the first line to the handed-over parts, told with the product's services."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from app.crm.constants import InteractionKind
from app.crm.models import Customer
from app.crm.services.interactions import add_interaction
from app.documents.constants import SignatureMethod
from app.documents.services import SignatureData, sign_document
from app.powders.models import Powder
from app.projects.constants import CheckAnswer, Handover, PhotoMoment, Priority
from app.projects.models import Project, Step
from app.projects.selectors import list_steps
from app.projects.services.finishing import cancel_project, deliver_project
from app.projects.services.reporting import issue_report
from app.projects.services.starting import start_signed_project
from app.projects.services.working import edit_project, validate_step
from app.quotes.models import Quote
from app.quotes.selectors import get_quote, list_lines
from app.quotes.services.answering import finish_signature, record_opening, refuse_quote
from app.quotes.services.drafting import new_draft, new_version, save_draft
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop

from .clock import working_day, working_time
from .jobs import Order, quote_lines
from .photos import PHOTOGRAPHED_SINCE, photograph
from .plans import ALL_STEPS, Fate, Plan
from .troubles import CURING, TROUBLES, again, declare, settle

CONSENT = "J’ai lu le devis et je l’accepte, avec obligation de paiement."
BROWSER = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
REFUSALS = (
    "Un confrère plus proche de son chantier a été retenu.",
    "Budget dépassé : le client reporte au printemps.",
    "Le client a finalement choisi une peinture liquide.",
    "Pièces vendues avant le traitement.",
)
COMMENTS = ("", "", "", "Pièces dégraissées deux fois.", "Accroches changées.", "Rien à signaler.")


@dataclass(frozen=True)
class Stage:
    """The workshop and those who act in it."""

    workshop: Workshop
    office: Sequence[Actor]
    operators: Sequence[Actor]
    powders: Mapping[str, Powder]
    random: Random
    today: date

    def time(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """So long ago, whatever the moment that is being told."""
        return working_time(self.today, days_ago, hour, minute)


@dataclass(frozen=True)
class Case:
    """One quote to live through."""

    plan: Plan
    order: Order
    customer: Callable[[], Customer]


def tell(stage: Stage, case: Case) -> Iterator[datetime]:
    """Yield the moment of each event, then make it happen."""
    plan, random = case.plan, stage.random
    author = random.choice(list(stage.office))
    yield stage.time(plan.days_ago, random.randint(8, 10), random.randint(0, 59))
    quote = _write(stage, author, case)
    if plan.fate is Fate.DRAFT:
        return
    yield stage.time(plan.days_ago, random.randint(11, 12), random.randint(0, 59))
    quote = _send(stage.workshop, author, quote)
    if plan.fate is Fate.SENT:
        return
    if plan.fate is Fate.EXPIRED and plan.days_ago % 2:
        yield stage.time(plan.days_ago - 9, 10)
        _log(stage, author, quote.customer, InteractionKind.CALL, "Relance : pas de réponse, message laissé.")
        return
    yield stage.time(plan.days_ago - 1, random.randint(13, 17), random.randint(0, 59))
    record_opening(workshop=stage.workshop, actor=_signer(quote), quote=quote)
    if plan.fate is Fate.REFUSED:
        yield from _refused(stage, author, quote, plan)
    elif plan.fate is Fate.REPLACED:
        yield from _replaced(stage, author, quote, plan)
    elif plan.fate is Fate.SIGNED:
        yield from _signed(stage, author, quote, case)
    elif plan.days_ago > 5:
        yield stage.time(plan.days_ago - 4, 10, random.randint(0, 59))
        text = "Le client hésite entre satiné et mat : échantillons proposés."
        _log(stage, author, quote.customer, InteractionKind.CALL, text)


def _write(stage: Stage, author: Actor, case: Case) -> Quote:
    quote = new_draft(stage.workshop, case.customer())
    quote.title = case.order.title
    return save_draft(workshop=stage.workshop, actor=author, quote=quote, lines=quote_lines(case.order, stage.powders))


def _send(workshop: Workshop, author: Actor, quote: Quote) -> Quote:
    sent = send_quote(workshop=workshop, actor=author, quote=quote)
    finish_sending(workshop=workshop, quote_pk=sent.pk)
    return get_quote(sent.pk)


def _refused(stage: Stage, author: Actor, quote: Quote, plan: Plan) -> Iterator[datetime]:
    yield stage.time(plan.days_ago - 6, 14, stage.random.randint(0, 59))
    reason = REFUSALS[plan.days_ago % len(REFUSALS)]
    _log(stage, author, quote.customer, InteractionKind.CALL, reason)
    refuse_quote(workshop=stage.workshop, actor=author, quote=quote, reason=reason)


def _replaced(stage: Stage, author: Actor, quote: Quote, plan: Plan) -> Iterator[datetime]:
    yield stage.time(plan.days_ago - 7, 9, 20)
    version = new_version(workshop=stage.workshop, actor=author, quote=quote)
    version.discount_percent = 5  # type: ignore[assignment]
    version = save_draft(workshop=stage.workshop, actor=author, quote=version, lines=list(list_lines(version)))
    yield stage.time(plan.days_ago - 7, 11)
    _send(stage.workshop, author, version)


def _signed(stage: Stage, author: Actor, quote: Quote, case: Case) -> Iterator[datetime]:
    plan = case.plan
    yield stage.time(plan.days_ago - 2, 18, stage.random.randint(0, 59))
    project = _sign(stage, get_quote(quote.pk))
    yield stage.time(plan.days_ago - 3, 9, stage.random.randint(0, 59))
    _plan_work(stage, author, project, case)
    for number, moment in enumerate(_step_times(stage, plan)):
        yield moment
        if plan.days_ago <= PHOTOGRAPHED_SINCE and number in (0, ALL_STEPS - 1):
            taken = PhotoMoment.AFTER if number else PhotoMoment.BEFORE
            photograph(stage.workshop, project, stage.operators[number % len(stage.operators)], taken)
        _validate(stage, project, number)
        if number == CURING and plan.defect:
            yield from _done_again(stage, project, plan, moment)
    if plan.reworked:
        yield stage.time(1, 16, 40)
        trouble = TROUBLES[plan.days_ago % len(TROUBLES)]
        declare(stage.workshop, project, stage.operators[0], trouble, to_rework=True)
    if plan.cancelled:
        yield stage.time(plan.days_ago - 9, 16)
        reason = "Le client a vendu le bien avant le poudrage."
        cancel_project(workshop=stage.workshop, actor=author, project=project, reason=reason)
    if plan.steps < ALL_STEPS or plan.cancelled:
        return
    if plan.handed_over:
        yield stage.time(plan.days_ago - 15, 16, stage.random.randint(0, 59))
        handover = Handover.DELIVERED if "Enlèvement et livraison" in case.order.services else Handover.COLLECTED
        deliver_project(workshop=stage.workshop, actor=author, project=project, handover=handover)
    issue_report(workshop=stage.workshop, project_pk=project.pk)


def _sign(stage: Stage, quote: Quote) -> Project:
    """What the customer's page does: one signature, one acceptance, one project."""
    signer = _signer(quote)
    assert quote.pdf_file_id  # made when it was sent
    signature = sign_document(
        workshop=stage.workshop,
        actor=signer,
        subject=quote,
        file_id=quote.pdf_file_id,
        sha256=quote.pdf_sha256,
        data=SignatureData(
            name=signer.label,
            method=SignatureMethod.TYPED,
            consent=CONSENT,
            email=quote.sent_to,
            account=str(quote.customer),
            user_agent=BROWSER,
        ),
        opened_at=quote.first_opened_at,
    )
    project = start_signed_project(workshop=stage.workshop, actor=signer, quote=quote, signature=signature)
    finish_signature(workshop=stage.workshop, quote_pk=quote.pk, signature=signature)
    return project


def _plan_work(stage: Stage, author: Actor, project: Project, case: Case) -> None:
    wanted = stage.today + timedelta(days=case.plan.promised_in)
    arrival, promise = timezone.localdate(), working_day(wanted, stage.today)
    edit_project(
        workshop=stage.workshop,
        actor=author,
        project=project,
        dropped_on=arrival,
        promised_on=max(arrival, promise),
        priority=Priority.URGENT if case.plan.urgent else Priority.NORMAL,
        final_use=case.order.final_use,
        note=project.note,
    )


def _step_times(stage: Stage, plan: Plan) -> list[datetime]:
    """When each step was done: one or two a day after the parts came, the last one yesterday at the latest."""
    first = plan.days_ago - 4
    days = [max(1, first - number * 2 + number // 2) for number in range(plan.steps)]
    hours = [8 + (number * 2) % 9 for number in range(plan.steps)]
    return [stage.time(day, hour, stage.random.randint(0, 59)) for day, hour in zip(days, hours, strict=True)]


def _validate(stage: Stage, project: Project, number: int) -> None:
    step: Step = next(step for step in list_steps(project) if not step.is_done)
    validate_step(
        workshop=stage.workshop,
        actor=stage.operators[number % len(stage.operators)],
        step=step,
        comment=stage.random.choice(COMMENTS),
        answers=[CheckAnswer.PASS] * len(step.checklist),
    )


def _done_again(stage: Stage, project: Project, plan: Plan, cured_at: datetime) -> Iterator[datetime]:
    """A defect is seen out of the oven: powdering and curing are done a second time, then it is closed."""
    trouble = TROUBLES[plan.days_ago % len(TROUBLES)]
    found_at, *times = again(cured_at)
    yield found_at
    declare(stage.workshop, project, stage.operators[0], trouble, to_rework=False)
    for number, moment in enumerate(times):
        yield moment
        _validate(stage, project, number)
    settle(stage.workshop, project, stage.office[0], trouble)


def _signer(quote: Quote) -> Actor:
    """The customer, acting from their own page; the address is one that the standards keep for examples."""
    name = quote.customer.person_name or quote.customer.display_name
    return Actor(label=name, origin=Origin.PORTAL, ip="203.0.113.24")


def _log(stage: Stage, author: Actor, customer: Customer, kind: InteractionKind, text: str) -> None:
    add_interaction(workshop=stage.workshop, actor=author, customer=customer, kind=kind, text=text)
