"""Pages in several languages: French at the root, the others under their code (`/en/…`).

Only the addresses of pages carry a language: those of the product follow the person's preference, which Django's own
`i18n_patterns` would put an end to for every address of the deploy.
"""

import re
from typing import Any

from django.conf import settings
from django.urls import URLResolver, re_path
from django.utils.translation import get_language
from wagtail import urls as wagtail_urls

from .views import serve_page


class PageLanguagePattern:
    """What the resolver asks of a pattern: the language's prefix is matched by the path, and reversed by the language
    in force, as Wagtail wants it."""

    converters: dict[str, Any] = {}

    @property
    def prefix(self) -> str:
        """The prefix of the language in force; Django reads it once for each language."""
        language = get_language() or settings.LANGUAGE_CODE
        return f"{language}/" if language in other_languages() else ""

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.prefix))

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, str]]:
        """The rest of the path, and the language that it names."""
        for language in other_languages():
            if path.startswith(f"{language}/"):
                return path.removeprefix(f"{language}/"), (), {"language": language}
        return path, (), {"language": settings.LANGUAGE_CODE}

    def check(self) -> list[Any]:
        return []

    def describe(self) -> str:
        return "'language of the page'"

    def __str__(self) -> str:
        return self.prefix


def other_languages() -> list[str]:
    """The languages of pages that have a prefix."""
    return [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES if code != settings.LANGUAGE_CODE]


def page_patterns() -> list[Any]:
    """Wagtail's own addresses, its pages behind the prefix of their language."""
    others = [pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"]
    pages = [re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve")]
    return [*others, URLResolver(PageLanguagePattern(), pages)]  # type: ignore[arg-type]
