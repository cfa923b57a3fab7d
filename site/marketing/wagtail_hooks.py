"""What the editor of the site is told and finds in the menu of Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import Experiment, LegalPage, Story, StoryProposal
from .selectors import incomplete_texts, sum_campaigns, sum_sign_ups


class StoryViews(SnippetViewSet):  # type: ignore[misc]
    """Stories, and whether their customer has agreed."""

    model = Story
    icon = "openquote"
    list_display = ["workshop", "person", "consented_on", "is_shown"]


class StoryProposalViews(SnippetViewSet):  # type: ignore[misc]
    """Stories offered: read, never written here."""

    model = StoryProposal
    icon = "mail"
    list_display = ["workshop", "name", "email", "at"]
    inspect_view_enabled = True
    add_to_admin_menu = False


class StoriesGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """Both in one place of the menu."""

    items = (StoryViews, StoryProposalViews)
    menu_label = gettext_lazy("Stories")
    menu_icon = "openquote"
    menu_order = 260


register_snippet(StoriesGroup)


class ExperimentViews(SnippetViewSet):  # type: ignore[misc]
    """Wordings compared; their results are read in the backoffice."""

    model = Experiment
    icon = "view"
    list_display = ["name", "page", "is_running"]
    add_to_admin_menu = True
    menu_order = 270


register_snippet(ExperimentViews)


class IncompletePanel(Component):  # type: ignore[misc]
    """On the editor's home page: legal texts that name a missing value of the publisher."""

    order = 50
    template_name = "marketing/incomplete_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"texts": incomplete_texts()}


class CampaignsPanel(Component):  # type: ignore[misc]
    """On the editor's home page: what each campaign has brought."""

    order = 300
    template_name = "marketing/campaigns_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        sign_ups = sum_sign_ups()
        return {"campaigns": [(row, sign_ups.get(row.campaign, 0)) for row in sum_campaigns()]}


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """What a person who may edit the site finds when they arrive."""
    panels += [IncompletePanel(), CampaignsPanel()]


@hooks.register("after_publish_page")  # type: ignore[untyped-decorator]
def warn_of_missing_values(request: HttpRequest, page: Any) -> None:
    """A legal text with a missing value is published, and the publisher is told so."""
    text = page.specific
    if isinstance(text, LegalPage) and text.missing:
        values = ", ".join(text.missing)
        messages.warning(
            request,
            _("“%(title)s” is published with missing values of the publisher: %(values)s.")
            % {"title": text.title, "values": values},
        )
