"""Putting the supplied pages in place. A page that somebody has edited is theirs: it is never written again."""

from collections.abc import Mapping
from typing import Any, TypeVar

from wagtail.fields import StreamField
from wagtail.models import Page

AnyPage = TypeVar("AnyPage", bound=Page)


def put_page(model: type[AnyPage], *, parent: Page, slug: str, values: Mapping[str, Any]) -> AnyPage:
    """Create the page under its parent, or bring it up to date if no person has edited it, and publish it."""
    page: AnyPage | None = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        made: AnyPage = model(slug=slug, **values)
        parent.add_child(instance=made)
        made.save_revision().publish()
        return made
    if is_edited(page) or not _differs(page, values):
        return page
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def is_edited(page: Page) -> bool:
    """Whether a person has written or withdrawn this page: supplied revisions bear no name."""
    return bool(page.revisions.exclude(user=None).exists() or not page.live)


def _differs(page: Page, values: Mapping[str, Any]) -> bool:
    wanted = type(page)(**values)
    return any(_plain(page, name) != _plain(wanted, name) for name in values)


def _plain(page: Page, name: str) -> Any:
    field = page._meta.get_field(name)
    value = field.value_from_object(page)
    return _without_ids(field.get_prep_value(value)) if isinstance(field, StreamField) else value


def _without_ids(value: Any) -> Any:
    """Blocks get a new identifier each time they are read from what is supplied."""
    if isinstance(value, dict):
        return {key: _without_ids(held) for key, held in value.items() if key != "id"}
    if isinstance(value, list):
        return [_without_ids(held) for held in value]
    return value
