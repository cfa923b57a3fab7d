"""Rows held until the end of the transaction."""

from .models import Nonconformity, Photo, PhotoPurge, Project, Workflow


def lock_project(project_pk: int) -> Project:
    """The project, held; Project.DoesNotExist when it is not in this workshop."""
    return Project.objects.select_for_update(of=("self",)).select_related("customer").get(pk=project_pk)


def lock_photo(photo_pk: int) -> Photo:
    """The photo, held after its project; Photo.DoesNotExist when it is not in this workshop.

    The project comes first, as for whoever removes its photos: two locks in one order never wait for each other.
    """
    lock_project(Photo.objects.values_list("project_id", flat=True).get(pk=photo_pk))
    return Photo.objects.select_for_update(of=("self",)).select_related("project").get(pk=photo_pk)


def lock_nonconformity(nonconformity_pk: int) -> Nonconformity:
    """The non-conformity, held, with its words; Nonconformity.DoesNotExist when it is not in this workshop."""
    rows = Nonconformity.objects.select_for_update(of=("self",)).select_related("defect", "cause")
    return rows.get(pk=nonconformity_pk)


def lock_workflows() -> None:
    """Hold the workflows of the workshop: one of them is the default, and no two bear one name."""
    list(Workflow.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def lock_purge() -> PhotoPurge | None:
    """The removal of photos that is in progress, held; None when another process has just finished it."""
    return PhotoPurge.objects.select_for_update().filter(finished_at=None).first()
