"""Form fields that several forms of projects use."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

MOST_PHOTOS = 6


class PhotosInput(forms.ClearableFileInput):
    """Several pictures at once; a telephone offers its camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A few photos; what they hold is looked at by `add_photo`, which says what is wrong with which file."""

    def __init__(self, **options: Any) -> None:
        widget = PhotosInput(attrs={"accept": "image/*"})
        super().__init__(widget=widget, required=options.pop("required", False), **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files, empty ones refused by name; at most MOST_PHOTOS."""
        sent: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [file for file in (super(PhotosField, self).clean(one, initial) for one in sent[:MOST_PHOTOS]) if file]
