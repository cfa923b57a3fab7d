"""What a publication changes is seen here: Wagtail, its snippets and the catalogue save rows and offer no other
door."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from .page_cache import forget_pages


@receiver([post_save, post_delete, post_page_move])
def page_changed(sender: type[Any], **kwargs: Any) -> None:
    """A page, a menu, a setting or a price has changed: after the commit no older page is given."""
    if issubclass(sender, Page) or sender._meta.label in settings.PAGE_CACHE_MODELS:
        transaction.on_commit(partial(forget_pages), robust=True)
