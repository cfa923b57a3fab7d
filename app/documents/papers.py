"""Papers to print: asked for on a screen, made by a worker, forgotten once they are surely printed.

An app that prints names its papers and who makes each of them in its AppConfig:
`papers = {"batch_sheet": "app.batches.pdf.make_sheet"}`.
"""

from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from app.files.models import StoredFile
from app.files.services import delete_file
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from .models import Paper
from .services import store_pdf

PAPER_TASK = "documents.make_paper"
KEPT_FOR = timedelta(days=7)
FORGETTER = Actor.system("old papers")


class Made(NamedTuple):
    """A paper: the name of its file, and the file."""

    name: str
    content: bytes


class Maker(Protocol):
    def __call__(self, workshop: Workshop, choices: dict[str, Any]) -> Made:
        """The paper of what was chosen; run in a worker, in the workshop's scope."""


def ask_paper(
    *, workshop: Workshop, actor: Actor, kind: str, title: str, back: str, choices: dict[str, Any]
) -> Paper:  # fmt: skip
    """Have a worker make a paper; `back` is the page that it was asked from, `choices` what its maker needs."""
    with transaction.atomic():
        asked = Paper.objects.create(
            workshop=workshop, kind=kind, title=title, back=back, choices=choices, user_id=actor.user_id
        )
        send_on_commit(PAPER_TASK, workshop_id=workshop.pk, paper_pk=asked.pk)
    return asked


def make_paper(*, workshop: Workshop, paper_pk: int) -> None:
    """Make and keep the file, once."""
    with transaction.atomic():
        asked = Paper.objects.select_for_update().get(pk=paper_pk)
        if asked.made_at:
            return
        made = _maker(asked.kind)(workshop, asked.choices)
        stored = store_pdf(workshop=workshop, name=made.name, kind="labels", content=made.content)
        asked.file_id, asked.made_at = stored.public_id, timezone.now()
        asked.save(update_fields=["file_id", "made_at"])


def get_paper(paper_pk: int) -> Paper:
    """A paper that was asked for; Paper.DoesNotExist when not in this workshop."""
    return Paper.objects.get(pk=paper_pk)


def list_lost_papers(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and paper that was asked for some time ago and never made."""
    with platform_scope():
        lost = Paper.objects.filter(made_at=None, created_at__lt=timezone.now() - older_than)
        return list(lost.values_list("workshop_id", "pk"))


def forget_papers() -> int:
    """Remove the files of the papers made long ago in the workshop in scope; how many."""
    old = Paper.objects.exclude(file_id=None).filter(made_at__lt=timezone.now() - KEPT_FOR)
    files = list(StoredFile.objects.filter(public_id__in=old.values("file_id")))
    for stored in files:
        delete_file(actor=FORGETTER, stored=stored)
    old.update(file_id=None)
    return len(files)


@cache
def _maker(kind: str) -> Maker:
    paths = {name: path for config in apps.get_app_configs() for name, path in getattr(config, "papers", {}).items()}
    maker: Maker = import_string(paths[kind])
    return maker
