"""Pictures that editors upload: decoded whole before they are kept, so that no page breaks on one later."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage
from wagtail.images.forms import BaseImageForm

#: What Pillow raises for a file cut short, a wrong checksum or a compression bomb.
UNREADABLE = (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError)


class CheckedImageForm(BaseImageForm):  # type: ignore[misc]
    """Wagtail checks the size, the pixels and the header; this reads the rest."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            file.seek(0)
            try:
                with PillowImage.open(file) as picture:
                    picture.load()
            except UNREADABLE as error:
                raise ValidationError(
                    _("This picture cannot be read to its end: export it again, or choose another.")
                ) from error
            finally:
                file.seek(0)
        return file
