"""The roadmap in the editor's menu."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import RoadmapItem


class RoadmapItemViewSet(SnippetViewSet):  # type: ignore[misc]
    model = RoadmapItem
    icon = "list-ul"
    add_to_admin_menu = True
    menu_order = 220
    list_display = ["title", "state", "position"]
    list_filter = ["state"]


register_snippet(RoadmapItemViewSet)
