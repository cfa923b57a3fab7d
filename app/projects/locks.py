"""Rows held until the end of the transaction."""

from .models import Nonconformity, Photo, Project


def lock_project(project_pk: int) -> Project:
    """The project, held; Project.DoesNotExist when it is not in this workshop."""
    return Project.objects.select_for_update(of=("self",)).select_related("customer").get(pk=project_pk)


def lock_photo(photo_pk: int) -> Photo:
    """The photo, held; Photo.DoesNotExist when it is not in this workshop."""
    return Photo.objects.select_for_update(of=("self",)).select_related("project").get(pk=photo_pk)


def lock_nonconformity(nonconformity_pk: int) -> Nonconformity:
    """The non-conformity, held, with its words; Nonconformity.DoesNotExist when it is not in this workshop."""
    rows = Nonconformity.objects.select_for_update(of=("self",)).select_related("defect", "cause")
    return rows.get(pk=nonconformity_pk)
