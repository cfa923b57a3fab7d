"""Pictures that editors upload: decoded whole before they are kept, so that no page breaks on one later."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage
from PIL import ImageFile
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

#: What Pillow raises for a file cut short, a wrong checksum or a compression bomb.
UNREADABLE = (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError)
_strict = Lock()


class CheckedImageField(WagtailImageField):  # type: ignore[misc]
    """Wagtail checks the size, the pixels and the header; this reads the rest."""

    default_error_messages = {
        "unreadable": _("This picture cannot be read to its end: export it again, or choose another."),
    }

    def to_python(self, data: Any) -> Any:
        try:
            file = super().to_python(data)
            if file:
                _decode(file)
        except UNREADABLE as error:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from error
        return file


class CheckedImageForm(BaseImageForm):  # type: ignore[misc]
    """The form of one picture, and of each of several sent together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = CheckedImageField(label=given.label, required=given.required, widget=given.widget)


def _decode(file: Any) -> None:
    """Read every pixel; OSError when some are missing."""
    file.seek(0)
    with _no_leniency(), PillowImage.open(file) as picture:
        picture.load()
    file.seek(0)


@contextmanager
def _no_leniency() -> Iterator[None]:
    """WeasyPrint tells Pillow, for the whole process, to take pictures that are cut short: not here."""
    with _strict:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
