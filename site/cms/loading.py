"""Putting the supplied pages in place. A page that somebody has edited is theirs: it is never written again."""

from collections.abc import Mapping
from typing import Any, TypeVar

from wagtail.contrib.redirects.models import Redirect
from wagtail.fields import StreamField
from wagtail.models import Locale, Page

from .streams import without_ids

AnyPage = TypeVar("AnyPage", bound=Page)


def put_page(
    model: type[AnyPage],
    *,
    parent: Page,
    slug: str,
    values: Mapping[str, Any],
    translation_of: Page | None = None,
    language: str = "",
    publish: bool = True,
) -> AnyPage:
    """Create the page under its parent, or bring it up to date if no person has edited it, and publish it.

    `translation_of` and `language` make it the same page in another language; a page made with `publish=False` waits
    for an editor to publish it.
    """
    page: AnyPage | None = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        made: AnyPage = model(slug=slug, live=publish, **values)
        if translation_of is not None:
            made.translation_key = translation_of.translation_key
            made.locale = Locale.objects.get_or_create(language_code=language)[0]
        parent.add_child(instance=made)
        revision = made.save_revision()
        if publish:
            revision.publish()
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
    return without_ids(field.get_prep_value(value)) if isinstance(field, StreamField) else value


def rename_page(*, parent: Page, old: str, new: str) -> None:
    """Give a supplied page its new address; the old one leads there (`put_redirect`)."""
    page = Page.objects.child_of(parent).filter(slug=old).first()
    if page is None or Page.objects.child_of(parent).filter(slug=new).exists():
        return
    page = page.specific
    page.slug = new
    page.save_revision().publish()


def put_redirect(*, old: str, page: Page) -> None:
    """Lead an address of the past to a page, permanently; an editor's own redirect is left alone."""
    Redirect.objects.get_or_create(
        old_path=Redirect.normalise_path(old), site=None, defaults={"redirect_page": page, "is_permanent": True}
    )
