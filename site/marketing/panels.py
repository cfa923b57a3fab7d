"""What the editor of a legal text is told."""

from typing import Any

from cms.loading import is_edited
from wagtail.admin.panels import Panel


class MissingValuesPanel(Panel):  # type: ignore[misc]
    """That a supplied text is a draft for a lawyer, and which values of the publisher it names and still lacks.

    Law of 21 June 2004, art. 1-1.
    """

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        template_name = "marketing/missing_values_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and (self.instance.missing or not is_edited(self.instance)))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "missing": self.instance.missing,
                    "is_supplied": not is_edited(self.instance)}  # fmt: skip
