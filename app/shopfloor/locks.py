"""Rows held until the end of the transaction."""

from collections.abc import Iterable

from app.projects.models import Project

from .models import DeviceAction, PhotoUpload, Seat


def lock_projects(project_pks: Iterable[int]) -> None:
    """Hold several projects in one order, so that two tablets never wait for each other."""
    wanted = Project.objects.filter(pk__in=set(project_pks)).order_by("pk")
    list(wanted.select_for_update(of=("self",)).values_list("pk", flat=True))


def lock_action(action_pk: int) -> DeviceAction:
    """An action, held; DeviceAction.DoesNotExist."""
    return DeviceAction.objects.select_for_update(of=("self",)).get(pk=action_pk)


def lock_upload(upload_pk: int) -> PhotoUpload:
    """An upload, held; PhotoUpload.DoesNotExist."""
    return PhotoUpload.objects.select_for_update(of=("self",)).get(pk=upload_pk)


def lock_seat(seat_pk: int) -> Seat:
    """A seat, held; Seat.DoesNotExist."""
    return Seat.objects.select_for_update(of=("self",)).get(pk=seat_pk)
