"""Signatures: who signed which exact document, when, from where, with the evidence that proves it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.base import TenantModel

from .constants import STEP_WORDS, SignatureMethod


class Signature(TenantModel):
    """A simple electronic signature (Code civil art. 1366 and 1367) and its evidence file. Never edited.

    `document_sha256` is the fingerprint of the document as it was shown; `journal` lists the steps that led to the
    signature, each holding the hash of the one before.
    """

    app_rights: ClassVar[str] = "SELECT, INSERT"

    subject_kind = models.CharField(max_length=40)
    subject_pk = models.BigIntegerField()
    signer_name = models.CharField(_("signed by"), max_length=160)
    signer_email = models.EmailField(_("e-mail"), blank=True)
    account = models.CharField(max_length=160, blank=True)
    method = models.CharField(_("method"), max_length=10, choices=SignatureMethod)
    image_file_id = models.UUIDField()
    document_file_id = models.UUIDField()
    document_sha256 = models.CharField(max_length=64)
    consent = models.TextField()
    signed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=50)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    journal = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "subject_kind", "subject_pk"], name="signed_once")]

    def __str__(self) -> str:
        return self.signer_name

    @property
    def steps(self) -> list[dict[str, object]]:
        """The journal as people read it: the moment, what happened in words, the seal."""
        return [
            {"at": datetime.fromisoformat(step["at"]), "said": STEP_WORDS.get(step["event"], step["event"]),
             "hash": step["hash"]}
            for step in self.journal
        ]  # fmt: skip


class Paper(TenantModel):
    """Something to print that somebody asked for: a worker makes the file (papers.py)."""

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    back = models.CharField(max_length=200)
    choices = models.JSONField(default=dict)
    file_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("document to print")
        indexes = [models.Index(fields=["created_at"], condition=models.Q(made_at=None), name="papers_waiting")]

    def __str__(self) -> str:
        return self.title
