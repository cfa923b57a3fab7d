"""Photos of projects, their versions, and what a workshop and its customers decide about them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.files.models import StoredFile
from app.tenancy.base import TenantModel

from ..constants import CAPTION_LONGEST, ConsentMeans, PhotoMoment, PhotoState
from .work import Nonconformity, Part, Project, Step


class Photo(TenantModel):
    """A photograph of a project, of one of its parts or steps. It is not deleted by hand: it is discarded.

    The image never changes; what is drawn over it is a layer of its own (`marks`). Once purged it keeps who took it
    and when, without files.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="photos")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    nonconformity = models.ForeignKey(
        Nonconformity, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    number = models.PositiveIntegerField()
    moment = models.CharField(_("moment"), max_length=10, choices=PhotoMoment)
    caption = models.CharField(_("caption"), max_length=CAPTION_LONGEST, blank=True)
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(_("taken on"))
    added_at = models.DateTimeField(_("added on"), auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_by_name = models.CharField(max_length=160, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    state = models.CharField(max_length=10, choices=PhotoState, default=PhotoState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    marks = models.JSONField(default=list, blank=True)
    marks_version = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    #: Taken out of the archive by somebody: it does not go back.
    is_kept_at_hand = models.BooleanField(default=False)
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by_name = models.CharField(max_length=160, blank=True)
    discard_reason = models.CharField(_("reason"), max_length=250, blank=True)
    #: Made where the photo is sent from: the same one again is the same photo, whose first answer was lost.
    key = models.UUIDField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    #: Its versions, the widest first, where photos were listed with them (`list_photos`).
    made: "list[PhotoVersion]"

    class Meta(TenantModel.Meta):
        verbose_name = _("photo")
        ordering = ["taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "project", "number"], name="photo_number_in_project"),
            models.UniqueConstraint(fields=["workshop", "project", "key"], name="photo_added_once"),
        ]
        indexes = [
            models.Index(fields=["workshop", "project", "taken_at", "id"], name="photos_of_a_project"),
            models.Index(
                fields=["changed_at"], condition=models.Q(state=PhotoState.WAITING), name="photos_without_versions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.number} · {self.number}"

    @property
    def is_for_customer(self) -> bool:
        """Whether its customer may see it: what was discarded, purged or shows a defect stays in the workshop."""
        return self.discarded_at is None and self.original_id is not None and self.moment != PhotoMoment.DEFECT

    @property
    def description(self) -> str:
        """What stands for the picture: its caption, or the moment, the step and the part that it shows."""
        if self.caption:
            return self.caption
        parts = [str(PhotoMoment(self.moment).label), self.step.name if self.step else "",
                 self.part.designation if self.part else ""]  # fmt: skip
        return " · ".join(part for part in parts if part)


class CustomerReport(TenantModel):
    """The final report as its customer may read it, where the workshop's own is not: another language, other photos.

    What it was made with says whether it still holds.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="customer_report")
    file_id = models.UUIDField()
    #: The workshop's report that it follows.
    report_file_id = models.UUIDField()
    language = models.CharField(max_length=2)
    shows_photos = models.BooleanField()
    mark_file_id = models.UUIDField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.project.number} · {self.language}"


class PhotoVersion(TenantModel):
    """A smaller version of a photo; what customers see carries the workshop's mark, where it has chosen one."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="versions")
    size = models.CharField(max_length=10)
    content_type = models.CharField(max_length=20)
    #: The logo that is laid over it; None on what the workshop itself sees.
    mark_file_id = models.UUIDField(null=True, blank=True)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "photo", "size", "content_type", "mark_file_id"],
                name="photo_version_made_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.size} {self.content_type}"


class PhotoSettings(TenantModel):
    """What a workshop does with its photos; the defaults hold without a row."""

    shown_to_customers = models.BooleanField(
        _("show the photos to customers"),
        default=False,
        help_text=_("In the customer space, once the customer has agreed to it. A discarded photo is never shown."),
    )
    watermark = models.BooleanField(
        _("lay our logo over what customers see"),
        default=False,
        help_text=_("The originals and what you see yourselves stay as they are."),
    )
    attached_to_ready = models.BooleanField(
        _("attach a photo of the result to the “ready to collect” message"), default=False
    )
    archive_after_months = models.PositiveSmallIntegerField(
        _("archive the originals after, in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Counted from the hand-over. They move to a slower storage and can be restored at any time."),
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_photo_settings")]

    def __str__(self) -> str:
        return str(self.workshop_id)


class PhotoConsent(TenantModel):
    """A customer's agreement to see the photos of their parts online: which words, when, by which means."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    means = models.CharField(_("means"), max_length=20, choices=ConsentMeans)
    #: Who of the workshop wrote it down; empty when the customer gave it themselves.
    noted_by_name = models.CharField(max_length=160, blank=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("consent to photos online")
        indexes = [models.Index(fields=["workshop", "customer"], name="photo_consents_of_a_customer")]

    def __str__(self) -> str:
        return str(self.customer_id)


class PhotoPurge(TenantModel):
    """One removal of the oldest photos, project by project; a crash leaves it open, and it is taken up again."""

    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    limit = models.PositiveBigIntegerField()
    used_before = models.PositiveBigIntegerField()
    used_after = models.PositiveBigIntegerField(null=True, blank=True)
    #: What was removed: {"pk", "number", "title", "photos", "bytes"} of each project, in order.
    projects = models.JSONField(default=list, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop"], condition=models.Q(finished_at=None), name="one_photo_purge_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"
