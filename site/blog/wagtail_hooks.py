"""Authors and categories in the editor's menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import Author, Category


class AuthorViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Author
    icon = "user"
    list_display = ["name", "role"]


class CategoryViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Category
    icon = "folder-open-inverse"
    list_display = ["name", "description"]


class BlogViewSetGroup(SnippetViewSetGroup):  # type: ignore[misc]
    items = (AuthorViewSet, CategoryViewSet)
    menu_label = _("Blog")
    menu_icon = "doc-full-inverse"
    menu_order = 210


register_snippet(BlogViewSetGroup)
