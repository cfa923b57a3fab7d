"""Keeping documents and collecting signatures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.files.models import StoredFile
from app.files.selectors import get_file
from app.files.services import read_file, store_file
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .constants import SignatureMethod
from .images import clean_image, typed_image
from .journal import Step, add_step
from .models import Signature
from .pdf import append_pages, count_pages, render_pdf
from .pictures import data_url, logo_url

NAME_LONGEST, ACCOUNT_LONGEST = 80, 160


@dataclass(frozen=True)
class SignatureData:
    """What the signer gives. `image` is the drawing or the file; a typed signature has none."""

    name: str
    method: str
    image: bytes = b""
    consent: str = ""
    email: str = ""
    account: str = ""
    user_agent: str = ""


def store_pdf(*, workshop: Workshop, name: str, kind: str, content: bytes) -> StoredFile:
    """Keep a document in the workshop's private storage."""
    actor = Actor.system("document made")
    return store_file(
        workshop=workshop, actor=actor, name=name, content=content, kind=kind, content_type="application/pdf"
    )


def sign_document(
    *, workshop: Workshop, actor: Actor, subject: models.Model, file_id: UUID, sha256: str, data: SignatureData,
    opened_at: datetime | None = None,
) -> Signature:  # fmt: skip
    """Collect the signature of one exact document; RuleError without a name, a consent or a readable image."""
    name = " ".join(data.name.split())
    if not name or len(name) > NAME_LONGEST:
        raise RuleError(_("Type your first and last name."), field="name")
    if not data.consent:
        raise RuleError(_("Tick the box to accept the quote."), field="consent")
    image = typed_image(name) if data.method == SignatureMethod.TYPED else clean_image(data.image)
    now = timezone.now()
    stored = store_file(
        workshop=workshop, actor=actor, name="signature.png", content=image, kind="signature", content_type="image/png"
    )
    signature = Signature.objects.create(
        workshop=workshop, subject_kind=subject._meta.model_name or "", subject_pk=subject.pk, signer_name=name,
        signer_email=data.email, account=data.account[:ACCOUNT_LONGEST], method=data.method,
        image_file_id=stored.public_id, document_file_id=file_id, document_sha256=sha256, consent=data.consent,
        signed_at=now,
        time_zone=settings.TIME_ZONE, ip=actor.ip, user_agent=data.user_agent[:300],
        journal=_journal(data, sha256, stored.sha256, opened_at, now),
    )  # fmt: skip
    changes = {"signer": name, "document_sha256": sha256, "method": data.method}
    record(workshop=workshop, actor=actor, action="document.signed", subject=signature, changes=changes)
    return signature


def signed_pdf(*, workshop: Workshop, signature: Signature, document: bytes) -> bytes:
    """The document as it was signed, followed by the page that carries the signature and its evidence."""
    image = data_url(read_file(signature.image_file_id))
    context = {"workshop": workshop, "logo": logo_url(workshop), "signature": signature, "image": image,
               "document_name": get_file(signature.document_file_id).name}  # fmt: skip
    page = render_pdf("documents/signature.html", context, accent=workshop.accent, after=count_pages(document))
    return append_pages(document, page, attached_name=f"original-{signature.document_sha256[:12]}.pdf")


def _journal(
    data: SignatureData, document: str, image: str, opened_at: datetime | None, signed_at: datetime
) -> list[Step]:
    journal: list[Step] = []
    if opened_at:
        journal = add_step(journal, event="document opened", at=opened_at, facts={"sha256": document})
    journal = add_step(journal, event="consent given", at=signed_at, facts={"text": data.consent})
    facts = {"name": data.name, "method": data.method, "image_sha256": image, "document_sha256": document}
    return add_step(journal, event="signed", at=signed_at, facts=facts)
