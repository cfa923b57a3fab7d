"""Cookies that are not necessary: which tools the publisher has chosen, what a visitor accepts, and its proof.

Law: art. 82 of the law of 6 January 1978; CNIL guidelines and recommendation of 17 September 2020 (refusing as easy as
accepting, choice kept six months, proof of consent).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import ConsentProof, PublisherSettings

COOKIE = "consent"
COOKIE_SECONDS = 182 * 24 * 3600
#: Proofs are kept as long as a claim can be made of them (Code civil, art. 2224).
PROOFS_KEPT = timedelta(days=5 * 365)
YES, NO = "1", "0"
#: Pages that never load a tool, whatever was accepted: the product, the customers' space, the editors, the publisher.
WITHOUT_TOOLS = ("/app/", "/cms/", "/espace/", "/editeur/")


@dataclass(frozen=True)
class Category:
    """A purpose that a visitor accepts or refuses; `sources` are what the policy of the pages must then let in."""

    key: str
    label: str | Promise
    description: str | Promise
    sources: dict[str, tuple[str, ...]]


GOOGLE = ("https://*.google-analytics.com", "https://*.analytics.google.com", "https://*.googletagmanager.com")
CRISP = "https://*.crisp.chat"
CATEGORIES = (
    Category(
        "audience",
        _("Audience measurement"),
        _("Google Analytics counts visits and tells us which pages help. Google receives your network address."),
        {"script-src": ("https://*.googletagmanager.com",), "connect-src": ("'self'", *GOOGLE), "img-src": GOOGLE},
    ),
    Category(
        "chat",
        _("Chat"),
        _("The Crisp chat window: it keeps your conversation from one page to the next."),
        {
            "script-src": (CRISP,),
            "style-src": (CRISP,),
            "img-src": (CRISP,),
            "font-src": ("'self'", CRISP),
            "connect-src": ("'self'", CRISP, "wss://*.relay.crisp.chat"),
            "frame-src": ("'self'", CRISP),
        },
    ),
    Category(
        "video",
        _("Videos"),
        _("Videos play without asking each time. YouTube or Vimeo, which host them, learn that you watch them."),
        {"frame-src": ("'self'", "https://www.youtube-nocookie.com", "https://player.vimeo.com")},
    ),
)


def configured_categories(publisher: PublisherSettings | None) -> list[Category]:
    """The categories that have a tool today; none: no banner, since nothing needs a consent."""
    if publisher is None:
        return []
    used = {"audience": publisher.analytics_id, "chat": publisher.chat_id, "video": publisher.shows_videos}
    return [category for category in CATEGORIES if used[category.key]]


def read_choice(sent: Any) -> dict[str, bool]:
    """What the banner sends: `{"audience": true, …}`. ValueError for anything else."""
    known = {category.key for category in CATEGORIES}
    if not (isinstance(sent, dict) and sent and set(sent) <= known):
        raise ValueError("unknown category")
    if not all(isinstance(value, bool) for value in sent.values()):
        raise ValueError("neither accepted nor refused")
    return sent


def keep_choice(*, choice: dict[str, bool]) -> str:
    """Write the proof, which names nobody, and return the value of the cookie: `<proof>.audience-1.video-0`."""
    proof = ConsentProof.objects.create(key=uuid4(), choice=choice)
    return ".".join([proof.key.hex, *(f"{key}-{YES if choice[key] else NO}" for key in sorted(choice))])


def accepted(cookie: str) -> set[str]:
    """The categories accepted by this value of the cookie, whoever wrote it."""
    known = {category.key for category in CATEGORIES}
    return {part[: -len(YES) - 1] for part in cookie.split(".") if part.endswith(f"-{YES}")} & known


def forget_old_proofs() -> int:
    """Delete the proofs that no claim can need any more; how many."""
    return ConsentProof.objects.filter(at__lt=timezone.now() - PROOFS_KEPT).delete()[0]


class ConsentPolicyMiddleware:
    """Widens the content-security policy to the tools that this browser has accepted, and to no other.

    Stands just inside django-csp, which reads `_csp_update`; a page of the cache gets it too, since only the header
    depends on the choice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        wanted = accepted(request.COOKIES.get(COOKIE, ""))
        if wanted and not request.path_info.startswith(WITHOUT_TOOLS):
            update = {key: list(sources) for key, sources in (getattr(response, "_csp_update", None) or {}).items()}
            for category in CATEGORIES:
                for directive, sources in category.sources.items() if category.key in wanted else ():
                    update.setdefault(directive, []).extend(sources)
            response._csp_update = update  # type: ignore[attr-defined]
        return response
