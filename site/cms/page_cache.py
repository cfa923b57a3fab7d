"""Public pages given from memory to whoever is not signed in, before any session or database work.

What is kept is the answer with its headers, already compressed. It serves one host, path, language and theme; the
policy of the page, which depends on the tools that its visitor accepted, is put around it afterwards.
Everything kept belongs to a *generation*: a token in the cache that each publication replaces once it is committed
(receivers.py). A page that was being drawn meanwhile is kept under the token that was read before it was drawn, so it
is never given afterwards.

Safe by default: an answer that sets a cookie (a form's token, a session, a message), uses the nonce of the
content-security policy, asks not to be stored or varies on anything else is not kept.

A page whose wording is being compared is kept once for each wording, and each visit draws one of them by lot.
"""

import gzip
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import brotli  # type: ignore[import-untyped]
import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

GENERATION = "page-cache:generation"
#: What an answer may vary on: the key, the encodings and the bypass take care of these.
KNOWN_VARIATIONS = {"cookie", "accept-language", "accept-encoding"}
#: Parameters of campaigns: the page is the same with them.
HARMLESS = ("campagne", "utm_", "gclid", "fbclid", "msclkid", "mtm_")
SMALLEST_COMPRESSED = 400
LOCAL_PAGES = 512
#: The wordings of a page that is being compared; the first is the page as it is.
VARIANTS = "ab"


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer: its headers, and its body in each encoding ("" is the plain one)."""

    generation: str
    expires_at: float
    headers: tuple[tuple[str, str], ...]
    bodies: dict[str, bytes]
    etag: str
    #: What the page itself lets in (the host of a film), for the policy that is put around it.
    lets_in: dict[str, list[str]]
    #: Whether the other wordings of this page are kept too.
    varies: bool = False


#: The pages that this process has given lately: a hit then asks the cache for the generation only.
_local: dict[str, Kept] = {}


class PageCacheMiddleware:
    """Stands outside of everything but the headers: the policy of the page depends on what its visitor accepted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        variant = request._variant = secrets.choice(VARIANTS)  # type: ignore[attr-defined]
        try:
            generation, kept = _find(key)
            if kept is not None and kept.varies and variant != VARIANTS[0]:
                generation, kept = _find(_of_variant(key, variant))
        except RedisError as error:
            log.warning("page_cache_unreachable", error=type(error).__name__)
            return self.get_response(request)
        if kept is not None:
            return _answer(request, kept, "hit")
        response = self.get_response(request)
        if not is_shareable(request, response):
            return response
        varies = getattr(request, "_varies", False)
        made = _keep(_of_variant(key, variant) if varies else key, generation, response, varies=varies)
        return _answer(request, made, "miss")


def cached_page(view: View) -> View:
    """Mark a view whose answer is the same for everybody, as Wagtail's pages are."""
    view.cached_page = True  # type: ignore[attr-defined]
    return view


def drawn_variant(request: HttpRequest) -> str:
    """The wording drawn for this visit, one of VARIANTS; "" for a page that is drawn for somebody in particular.

    Asking makes the page one that has several wordings.
    """
    request._varies = True  # type: ignore[attr-defined]
    return str(getattr(request, "_variant", ""))


def key_of(request: HttpRequest) -> str | None:
    """Under what name the answer would be kept; None for a request that the cache has nothing to say to."""
    if not settings.PAGE_CACHE_SECONDS or request.method not in ("GET", "HEAD"):
        return None
    if request.path.startswith(settings.PAGE_CACHE_SKIPS) or "Authorization" in request.headers:
        return None
    if any(name in request.COOKIES for name in settings.PAGE_CACHE_BYPASS_COOKIES):
        return None
    if any(not name.startswith(HARMLESS) for name in request.GET):
        return None
    seen = [request.COOKIES.get(name, "") for name in settings.PAGE_CACHE_COOKIES]
    choices = settings.PAGE_CACHE_COOKIES.values()
    variants = [value if value in known else "" for value, known in zip(seen, choices, strict=True)]
    language = str(get_language_from_request(request))
    parts = [request.scheme or "", request.get_host(), request.path, language, *variants]
    return "page-cache:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_shareable(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer is the same for everybody who has the same key."""
    match = request.resolver_match
    if response.status_code != 200 or response.streaming or response.cookies or match is None:
        return False
    if not (match.view_name == "wagtail_serve" or getattr(match.func, "cached_page", False)):
        return False
    if getattr(request, "_csp_nonce", None) or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return False
    control = response.headers.get("Cache-Control", "")
    if any(word in control for word in ("private", "no-store", "no-cache")):
        return False
    vary = {name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()}
    return vary <= KNOWN_VARIATIONS


def forget_pages() -> None:
    """Give nothing of what is kept any more. Call it once the change is committed."""
    try:
        cache.set(GENERATION, secrets.token_hex(8), timeout=None)
    except RedisError as error:  # the pages kept so far live for PAGE_CACHE_SECONDS at most
        log.error("page_cache_not_forgotten", error=type(error).__name__)


def _find(key: str) -> tuple[str, Kept | None]:
    """The generation of now, and the page of that generation if it is kept."""
    near = _local.get(key)
    found = {GENERATION: cache.get(GENERATION), key: near} if near else cache.get_many([GENERATION, key])
    generation = found.get(GENERATION)
    if generation is None:
        cache.add(GENERATION, secrets.token_hex(8), timeout=None)
        return str(cache.get(GENERATION)), None
    kept: Kept | None = found.get(key)
    if kept is None or kept.generation != generation or kept.expires_at < time.time():
        _local.pop(key, None)
        return str(generation), None
    _remember(key, kept)
    return str(generation), kept


def _of_variant(key: str, variant: str) -> str:
    """The name of a wording of the page; the first one has the name of the page itself."""
    return key if variant == VARIANTS[0] else f"{key}:{variant}"


def _keep(key: str, generation: str, response: Any, *, varies: bool) -> Kept:
    body = bytes(response.content)
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"  # browsers keep it, and ask each time whether it is still good
    dropped = {"Content-Length", "Content-Encoding", "ETag", "Set-Cookie"}
    kept = Kept(
        generation=generation,
        expires_at=time.time() + settings.PAGE_CACHE_SECONDS,
        headers=tuple((name, value) for name, value in response.headers.items() if name not in dropped),
        bodies=_encodings(body),
        etag=hashlib.sha256(body).hexdigest()[:32],
        lets_in=getattr(response, "_csp_update", None) or {},
        varies=varies,
    )
    try:
        cache.set(key, kept, timeout=settings.PAGE_CACHE_SECONDS)
    except RedisError as error:
        log.warning("page_cache_unreachable", error=type(error).__name__)
    _remember(key, kept)
    return kept


def _encodings(body: bytes) -> dict[str, bytes]:
    """Compressed once. Nothing secret stands in a page for everybody, so its length tells nothing (BREACH)."""
    if len(body) < SMALLEST_COMPRESSED or body.startswith(b"\x89PNG"):
        return {"": body}
    return {"": body, "gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body, quality=9)}


def _remember(key: str, kept: Kept) -> None:
    if len(_local) >= LOCAL_PAGES:
        _local.clear()
    _local[key] = kept


def _answer(request: HttpRequest, kept: Kept, state: str) -> HttpResponseBase:
    encoding = _accepted(request.headers.get("Accept-Encoding", ""), kept.bodies)
    etag = f'"{kept.etag}{"-" if encoding else ""}{encoding}"'
    response = HttpResponse(kept.bodies[encoding])
    for name, value in kept.headers:
        response.headers[name] = value
    if kept.lets_in:
        response._csp_update = kept.lets_in  # type: ignore[attr-defined]
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["ETag"] = etag
    response.headers["X-Page-Cache"] = state
    response.headers["Content-Length"] = str(len(kept.bodies[encoding]))
    conditional: HttpResponseBase = get_conditional_response(request, etag=etag, response=response) or response
    return conditional


def _accepted(header: str, bodies: dict[str, bytes]) -> str:
    """The smallest encoding that the browser takes; "" for none."""
    wanted = {}
    for part in header.lower().split(","):
        name, _, quality = part.strip().partition(";")
        wanted[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if name in bodies and wanted.get(name)), "")
