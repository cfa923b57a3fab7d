"""Reads of signatures."""

from collections.abc import Collection, Mapping

from django.db import models
from django.db.models import Q

from app.tenancy.written import workshop_rows

from .models import Signature


def find_signature(subject: models.Model) -> Signature | None:
    """The signature of this object's document, or None."""
    of_it = "AND subject_kind = %s AND subject_pk = %s ORDER BY id LIMIT 1"
    return next(iter(workshop_rows(Signature, of_it, [subject._meta.model_name, subject.pk])), None)


def list_signature_keys(subjects: Mapping[str, Collection[int]]) -> list[int]:
    """The keys of the signatures of these objects; `subjects` maps a kind of data to its keys."""
    about = Q(pk=None)
    for kind, pks in subjects.items():
        about |= Q(subject_kind=kind, subject_pk__in=list(pks))
    return list(Signature.objects.filter(about).order_by("pk").values_list("pk", flat=True))


def get_signature(signature_pk: int) -> Signature:
    """One signature; Signature.DoesNotExist when it is not in this workshop."""
    return Signature.objects.get(pk=signature_pk)
