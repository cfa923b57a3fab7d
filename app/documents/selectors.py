"""Reads of signatures."""

from django.db import models

from .models import Signature


def find_signature(subject: models.Model) -> Signature | None:
    """The signature of this object's document, or None."""
    return Signature.objects.filter(subject_kind=subject._meta.model_name, subject_pk=subject.pk).first()


def get_signature(signature_pk: int) -> Signature:
    """One signature; Signature.DoesNotExist when it is not in this workshop."""
    return Signature.objects.get(pk=signature_pk)
