"""For editors, in Wagtail's reports: what readers searched for without finding it, and what each article is worth."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from .models import MissedSearch
from .selectors import article_days, month_ago


class MissedSearchReport(ReportView):  # type: ignore[misc]
    """Searches without result."""

    index_url_name = "help_missed"
    index_results_url_name = "help_missed_results"
    page_title = _("Help: searches without result")
    header_icon = "search"
    columns = [
        Column("text", label=_("Searched")),
        Column("times", label=_("Times")),
        DateColumn("last_at", label=_("Last")),
    ]
    list_export = ["text", "times", "last_at"]

    def get_queryset(self) -> Any:
        return MissedSearch.objects.all()


class ArticleReport(ReportView):  # type: ignore[misc]
    """The articles of the last thirty days."""

    index_url_name = "help_articles"
    index_results_url_name = "help_articles_results"
    page_title = _("Help: articles read")
    header_icon = "view"
    columns = [
        TitleColumn("path", label=_("Article"), get_url=lambda row: row["path"]),
        Column("seen", label=_("Readings")),
        Column("yes", label=_("Useful")),
        Column("no", label=_("Not useful")),
    ]
    list_export = ["path", "seen", "yes", "no"]

    def get_queryset(self) -> Any:
        return article_days(since=month_ago()).order_by("-seen", "path")
