"""What a device carries, and what the office sees of devices. Nothing here holds a price: the tables are not read."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from app.audit.models import AuditEntry
from app.files.models import StoredFile
from app.powders.models import Powder
from app.projects.constants import RUNNING, TermKind
from app.projects.models import Part, Photo, PhotoVersion, Project, Step
from app.projects.selectors import list_terms
from app.projects.services.quality import rework_of
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Permission
from app.tenancy.scope import platform_scope

from .batches import read_batches
from .constants import POWDERS_CARRIED, QUEUE_SIZE, SAME_MOMENT, Outcome
from .models import DeviceAction, FloorSettings, OperatorPin, Seat, Tablet
from .powders import describe_powder


def read_day(workshop: Workshop, *, named: Collection[int] = ()) -> dict[str, Any]:
    """The day's queue: what is late, then what is promised soonest, with all that is needed to work without network.

    `named` are projects that the device works on besides: far down the queue, or just finished.
    """
    running = Project.objects.filter(status__in=RUNNING)
    urgent = running.order_by(F("promised_on").asc(nulls_last=True), "-priority", "pk")
    queue = describe_projects(urgent[:QUEUE_SIZE])
    others = set(named).difference(project["pk"] for project in queue)
    return {
        "today": timezone.localdate().isoformat(),
        "projects": queue + (describe_projects(Project.objects.filter(pk__in=others).order_by("pk")) if others else []),
        "defects": [{"pk": term.pk, "name": term.name} for term in list_terms(TermKind.DEFECT)],
        "powders": [describe_powder(powder) for powder in _powders_in_use()],
        "conflicts": [describe_conflict(action) for action in list_open_conflicts()],
        "batches": read_batches(workshop),
    }


def describe_projects(projects: "QuerySet[Project]") -> list[dict[str, Any]]:
    """Projects as a device keeps them."""
    parts = Part.objects.select_related("powder").order_by("position", "pk")
    steps = Step.objects.order_by("position")
    photos = Photo.objects.filter(discarded_at=None, purged_at=None).order_by("taken_at", "pk")
    found = projects.select_related("customer", "rework").prefetch_related(
        Prefetch("parts", queryset=parts), Prefetch("steps", queryset=steps), Prefetch("photos", queryset=photos)
    )
    return [_describe(project) for project in found]


def describe_project(project_pk: int) -> dict[str, Any]:
    """One project as a device keeps it."""
    return describe_projects(Project.objects.filter(pk=project_pk))[0]


def _describe(project: Project) -> dict[str, Any]:
    return {
        "pk": project.pk,
        "number": project.number,
        "title": project.title,
        "customer": str(project.customer),
        "priority": project.priority,
        "status": project.status,
        "promised_on": project.promised_on.isoformat() if project.promised_on else None,
        "dropped_on": project.dropped_on.isoformat() if project.dropped_on else None,
        "final_use": project.final_use,
        "note": project.note,
        "parts": [_describe_part(part) for part in project.parts.all()],
        "steps": [_describe_step(step) for step in project.steps.all()],
        "rework": _describe_rework(project),
        "photos": [_describe_photo(photo) for photo in project.photos.all()],
    }


def _describe_part(part: Part) -> dict[str, Any]:
    return {
        "pk": part.pk,
        "code": part.code,
        "designation": part.designation,
        "quantity": f"{part.quantity.normalize():f}",
        "powder": describe_powder(part.powder) if part.powder else None,
        "coats": part.coats,
        "primer": part.primer,
        "varnish": part.varnish,
        "curing_celsius": part.curing_celsius,
        "curing_minutes": part.curing_minutes,
    }


def _describe_photo(photo: Photo) -> dict[str, Any]:
    return {
        "pk": photo.pk,
        "number": photo.number,
        "step": photo.step_id,
        "moment": photo.get_moment_display(),
        "caption": photo.caption,
        "by": photo.added_by_name,
        "at": photo.taken_at.isoformat(),
    }


def _describe_step(step: Step) -> dict[str, Any]:
    return {
        "pk": step.pk,
        "name": step.name,
        "checklist": step.checklist,
        "needs_photo": step.needs_photo,
        "blocks": step.failure_blocks,
        "rank": step.rank,
        "pass": step.pass_number,
        "rework": step.is_rework,
        "done_at": step.done_at.isoformat() if step.done_at else None,
        "done_by": step.done_by_name,
        "comment": step.comment,
        "answers": [answer["answer"] for answer in step.answers],
    }


def _describe_rework(project: Project) -> dict[str, Any]:
    """The step that a device puts in the course when a non-conformity asks for rework."""
    kept = rework_of(project, list(project.steps.all()), getattr(project, "rework", None))
    return {
        "name": kept.name,
        "rank": kept.rank,
        "checklist": list(kept.checklist),
        "needs_photo": kept.needs_photo,
        "blocks": kept.failure_blocks,
    }


def _powders_in_use() -> "QuerySet[Powder]":
    return Powder.objects.filter(archived_at=None).order_by("search_key", "pk")[:POWDERS_CARRIED]


def describe_conflict(action: DeviceAction) -> dict[str, Any]:
    """Both sides of a conflict, for the person who decides."""
    return {
        "pk": action.pk,
        "kind": action.kind,
        "project": action.project_id,
        "number": action.project.number if action.project else "",
        "title": action.project.title if action.project else "",
        "by": action.user_name,
        "at": action.at.isoformat(),
        "mine": action.payload,
        "theirs": action.theirs,
    }


def list_open_conflicts() -> "QuerySet[DeviceAction]":
    """What two people did differently and nobody has decided yet, the oldest first."""
    waiting = DeviceAction.objects.select_related("project")
    return waiting.filter(outcome=Outcome.CONFLICT, resolved_at=None).order_by("received_at", "pk")


def list_refused() -> "QuerySet[DeviceAction]":
    """What devices sent and the rules refused, the newest first."""
    return (
        DeviceAction.objects.select_related("project", "tablet")
        .filter(outcome=Outcome.REFUSED)
        .order_by("-received_at", "-pk")
    )


def is_known(key: UUID) -> bool:
    """Whether the action with this key has been decided."""
    return DeviceAction.objects.filter(key=key).exists()


def find_thumbnail(photo_pk: int) -> StoredFile | None:
    """The smallest version that the workshop sees of a photo of the workshop in scope, else its original, or None."""
    photo = Photo.objects.select_related("original").filter(pk=photo_pk, discarded_at=None).first()
    if photo is None:
        return None
    versions = PhotoVersion.objects.filter(photo=photo).select_related("stored").order_by("width", "pk")
    smallest = versions.first()
    if smallest:
        return smallest.stored
    return photo.original if photo.original and photo.original.can_be_shown else None


def get_conflict(action_pk: int) -> DeviceAction:
    """An action that was a conflict, decided or not; DeviceAction.DoesNotExist."""
    return DeviceAction.objects.select_related("project").get(pk=action_pk, outcome=Outcome.CONFLICT)


def later_writer(action: DeviceAction, *, entries: "QuerySet[AuditEntry]", **same: Any) -> str:
    """Who wrote the same text after this action was made, on a device or in the office; "" when nobody did.

    `entries` are the writes that the trail knows of this kind of text. Those that came from devices are in it at the
    moment they arrived, which is not when they were made: the ledger knows that.
    """
    of_devices = DeviceAction.objects.filter(
        project=action.project_id, kind=action.kind, outcome=Outcome.APPLIED, **same
    ).exclude(pk=action.pk)
    later = of_devices.filter(at__gt=action.at).order_by("-at").first()
    if later:
        return later.user_name
    arrivals = [(row.received_at, row.user_name) for row in of_devices.filter(received_at__gt=action.at)]
    of_project = entries.filter(subject_kind="project", subject_pk=action.project_id or 0)
    for entry in of_project.filter(at__gt=action.at).order_by("-at"):
        if not any(name == entry.actor and abs(entry.at - at) < SAME_MOMENT for at, name in arrivals):
            return entry.actor
    return ""


def list_tablets() -> "QuerySet[Tablet]":
    """The tablets in service, by name."""
    return Tablet.objects.filter(revoked_at=None).order_by("name", "pk")


def get_tablet(tablet_pk: int) -> Tablet:
    """One tablet in service; Tablet.DoesNotExist."""
    return Tablet.objects.get(pk=tablet_pk, revoked_at=None)


def find_settings() -> FloorSettings:
    """The settings of the workshop in scope, or those of the product, not saved."""
    return FloorSettings.objects.first() or FloorSettings()


def list_floor_members() -> list[Membership]:
    """The active members who may use the workshop mode, by name."""
    members = Membership.objects.select_related("user").filter(status=MemberStatus.ACTIVE)
    named = members.order_by("user__first_name", "user__last_name", "pk")
    return [member for member in named if Permission.FLOOR_USE in member.permissions]


def list_pins(members: Iterable[Membership]) -> dict[int, OperatorPin]:
    """The codes that these members have, by member."""
    pins = OperatorPin.objects.filter(membership__in=[member.pk for member in members])
    return {pin.membership_id: pin for pin in pins}


def find_tablet(cookie: str, slug: str) -> Tablet | None:
    """The tablet that this cookie belongs to, in service or not, in the workshop at this address; None for no one's."""
    key, _, secret = cookie.partition(".")
    if not (key.isdecimal() and len(key) < 19 and secret):
        return None
    with platform_scope():
        tablet = (
            Tablet.objects.select_related("workshop")
            .filter(pk=int(key), workshop__slug=slug)
            .exclude(secret_hash="")
            .first()
        )
    return tablet if tablet and constant_time_compare(tablet.secret_hash, fingerprint(secret)) else None


def find_enrolment(token: str) -> Tablet | None:
    """The tablet whose enrolment link this is, while it still opens, or None."""
    with platform_scope():
        tablet = Tablet.objects.select_related("workshop").filter(enrolment_hash=fingerprint(token)).first()
    return tablet if tablet and tablet.can_be_enrolled() else None


def find_floor_member(membership_pk: object) -> Membership | None:
    """A member of the workshop in scope, as long as they may use the workshop mode, or None."""
    if not isinstance(membership_pk, int):
        return None
    members = Membership.objects.select_related("user", "workshop").filter(status=MemberStatus.ACTIVE)
    member = members.filter(pk=membership_pk, user__is_active=True).first()
    return member if member and Permission.FLOOR_USE in member.permissions else None


def find_seated(tablet: Tablet, membership_pk: object) -> Membership | None:
    """The member who sits at a tablet, unless the office has ended their key there, or None."""
    member = find_floor_member(membership_pk)
    return member if member and Seat.objects.filter(tablet=tablet, membership=member).exists() else None


def find_former_member(slug: str, user_id: int) -> Membership | None:
    """The membership of somebody taken out of the workshop at this address, or of its workshop mode, or None."""
    with platform_scope():
        members = Membership.objects.select_related("user", "workshop").filter(workshop__slug=slug, user_id=user_id)
        member = members.first()
    stays = member is None or (member.is_active and Permission.FLOOR_USE in member.permissions)
    return None if stays else member


def fingerprint(secret: str) -> str:
    """What is kept of a long random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
