"""What the editor of a legal text is told."""

from typing import Any

from wagtail.admin.panels import Panel


class MissingValuesPanel(Panel):  # type: ignore[misc]
    """Which values of the publisher the text names and that are still to be given (law of 21 June 2004, art. 1-1)."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        template_name = "marketing/missing_values_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.missing)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "missing": self.instance.missing}
