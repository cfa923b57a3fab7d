"""The first steps of a workshop: each one ticks itself when the thing is really there."""

from dataclasses import dataclass

from django.db.models import Exists
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.notify.models import Mailbox
from app.powders.models import Powder
from app.projects.models import Project
from app.quotes.models import Quote
from app.tenancy.models import Invitation, Membership, Workshop


@dataclass(frozen=True)
class Subject:
    """Something to do first, where it is done, and why it is worth it."""

    key: str
    label: str | Promise
    tip: str | Promise
    page: str


@dataclass(frozen=True)
class Line:
    subject: Subject
    is_done: bool


@dataclass(frozen=True)
class Checklist:
    """The subjects and how many are done."""

    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def next_line(self) -> Line | None:
        """The first one that is not done."""
        return next((line for line in self.lines if not line.is_done), None)


SUBJECTS = (
    Subject("powder", _("Add a powder"), _("Type its reference: quotes and projects follow."), "powders:powder_list"),
    Subject("customer", _("Add a customer"), _("One by one, or your whole file from Excel."), "crm:customer_list"),
    Subject("sent", _("Send a first quote"), _("The customer signs it on a phone."), "quotes:quote_list"),
    Subject("project", _("Open a first project"), _("A signed quote becomes one by itself."), "projects:project_list"),
    Subject(
        "team", _("Invite a colleague"), _("An operator validates the steps on a tablet."), "workshops:member_list"
    ),
    Subject("mailbox", _("Connect your e-mail"), _("Your messages leave from your own address."), "notify:mailbox"),
)


def find_checklist(workshop: Workshop) -> Checklist | None:
    """The first steps, in one query; None once the workshop has put them away, or has done them all."""
    if workshop.checklist_closed_at is not None:
        return None
    checklist = read_checklist()
    return checklist if checklist.next_line else None


def read_checklist() -> Checklist:
    """What the workshop in scope has done so far."""
    done = (
        Workshop.objects.annotate(
            powder=Exists(Powder.objects.all()),
            customer=Exists(Customer.objects.all()),
            sent=Exists(Quote.objects.exclude(sent_at=None)),
            project=Exists(Project.objects.all()),
            team=Exists(Membership.objects.all()[1:]) | Exists(Invitation.objects.all()),
            mailbox=Exists(Mailbox.objects.all()),
        )
        .values(*(subject.key for subject in SUBJECTS))
        .get()
    )
    return Checklist(tuple(Line(subject, bool(done[subject.key])) for subject in SUBJECTS))
