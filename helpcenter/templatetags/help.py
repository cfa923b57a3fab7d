"""What the pages of the help ask for."""

from django import template

from ..constants import INDEX_PATH
from ..models import GuidePage, HelpIndexPage, Question, Topic
from ..selectors import Found, Shelf, find_part, list_questions, list_shelves, list_siblings, search

register = template.Library()


@register.simple_tag
def help_part(page: HelpIndexPage) -> str:
    """The address of a help centre within the help centre; "" for the whole one."""
    return "" if page.public_path == INDEX_PATH else str(page.slug)


@register.simple_tag
def help_search(query: str, part: str) -> Found:
    return search(query, index=find_part(part))


@register.simple_tag
def help_shelves(page: HelpIndexPage) -> list[Shelf]:
    return list_shelves(page)


@register.simple_tag
def help_questions() -> list[tuple[Topic, list[Question]]]:
    return list_questions()


@register.simple_tag
def help_siblings(page: GuidePage) -> list[GuidePage]:
    return list_siblings(page)


@register.simple_tag
def help_home(page: GuidePage) -> str:
    """The page of the guides among which this one stands."""
    return str(page.public_path)[: -len(page.slug) - 1]
