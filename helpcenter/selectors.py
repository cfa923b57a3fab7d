"""Which guide explains a screen."""

from .models import GuidePage, HelpIndexPage


def find_guide(screen: str) -> GuidePage | None:
    """The guide of this screen, named as in the URLconf (`quotes:quote_edit`), else the one of its whole module."""
    module = screen.partition(":")[0]
    guides = GuidePage.objects.live().order_by("path")
    found: GuidePage | None = (
        guides.filter(screens__contains=[screen]).first() or guides.filter(screens__contains=[module]).first()
    )
    return found


def find_index() -> HelpIndexPage | None:
    """The first page of the help."""
    found: HelpIndexPage | None = HelpIndexPage.objects.live().first()
    return found
