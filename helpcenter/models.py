"""The help centre: guides written for users, each tied to the screens that it explains."""

from typing import Any

from cms.blocks import article
from cms.models import PublicPage
from cms.streams import ThinStreamField
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

LONGEST_QUERY = 100


class HelpIndexPage(PublicPage):
    """`/aide/`: every guide, and a search in them."""

    introduction = models.TextField(_("introduction"), max_length=320, blank=True)

    max_count = 1
    subpage_types = ["helpcenter.GuidePage"]
    template = "helpcenter/help_index_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("help centre")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
        guides = GuidePage.objects.child_of(self).live()
        found = guides.search(query) if query else guides
        return {**super().get_context(request, *args, **kwargs), "guides": found, "query": query}


class GuidePage(PublicPage):
    """One thing done from beginning to end."""

    summary = models.CharField(_("summary"), max_length=200)
    body = ThinStreamField(article(), verbose_name=_("text"))
    screens = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=_("screens explained"),
        help_text=_("Names of screens, such as quotes:quote_edit, or quotes for all of a module; separated by commas."),
    )

    parent_page_types = ["helpcenter.HelpIndexPage"]
    subpage_types: list[str] = []
    template = "helpcenter/guide_page.html"
    content_panels = [*PublicPage.content_panels, FieldPanel("summary"), FieldPanel("body"), FieldPanel("screens")]
    search_fields = [*PublicPage.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]

    class Meta:
        verbose_name = _("guide")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        others = GuidePage.objects.sibling_of(self, inclusive=False).live()
        return {**super().get_context(request, *args, **kwargs), "others": others}
