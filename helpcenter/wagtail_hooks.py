"""The reports' places in Wagtail: their addresses and their lines in the menu of reports."""

from typing import Any

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .reports import ArticleReport, MissedSearchReport


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def report_urls() -> list[Any]:
    return [
        path("reports/aide-introuvable/", MissedSearchReport.as_view(), name="help_missed"),
        path(
            "reports/aide-introuvable/lignes/",
            MissedSearchReport.as_view(results_only=True),
            name="help_missed_results",
        ),
        path("reports/aide-lue/", ArticleReport.as_view(), name="help_articles"),
        path("reports/aide-lue/lignes/", ArticleReport.as_view(results_only=True), name="help_articles_results"),
    ]


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def missed_item() -> MenuItem:
    return MenuItem(MissedSearchReport.page_title, reverse("help_missed"), icon_name="search", order=900)


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def article_item() -> MenuItem:
    return MenuItem(ArticleReport.page_title, reverse("help_articles"), icon_name="view", order=910)
