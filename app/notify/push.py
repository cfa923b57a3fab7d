"""The gateway of web push: one encrypted message to the service of a browser's maker (RFC 8030, 8188, 8291, 8292)."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid
from pywebpush import WebPushException, webpush

from app.notify.errors import DeliveryError, MessageRefusedError, TemporaryError

TIMEOUT = 10
#: A notification that could not be shown within a day is of no use.
KEPT_SECONDS = 24 * 3600
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class DeviceGoneError(DeliveryError):
    """The browser no longer wants messages, or is no more."""


def is_connected() -> bool:
    """Whether this deploy has the key that signs its messages."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """What a browser needs to accept our messages only: the public key, as the standard writes it."""
    key = Vapid.from_string(settings.VAPID_PRIVATE_KEY).public_key
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")


def accepts(endpoint: str) -> bool:
    """Whether an address is one of a browser's maker: the server posts to no other."""
    address = urlsplit(endpoint)
    host = address.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in settings.PUSH_HOSTS)
    return known and (address.scheme == "https" or host in settings.PUSH_PLAIN_HOSTS)


def send(*, endpoint: str, p256dh: str, auth: str, payload: Mapping[str, str]) -> None:
    """Send one message. DeviceGoneError, MessageRefusedError for good, TemporaryError to try again later."""
    if not accepts(endpoint):
        raise MessageRefusedError("unknown push service")
    try:
        webpush(
            {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}},
            json.dumps(payload),
            vapid_private_key=settings.VAPID_PRIVATE_KEY,
            vapid_claims={"sub": f"mailto:{settings.PUSH_CONTACT}"},
            ttl=KEPT_SECONDS,
            timeout=TIMEOUT,
        )
    except requests.RequestException as error:
        raise TemporaryError(type(error).__name__) from error
    except WebPushException as error:
        raise _meaning(error) from error
    except ValueError as error:
        raise MessageRefusedError("the keys of the device are not usable") from error


def _meaning(error: WebPushException) -> DeliveryError:
    if error.response is None:
        return MessageRefusedError("the keys of the device are not usable")
    status = error.response.status_code
    if status in GONE:
        return DeviceGoneError(str(status))
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TemporaryError(str(status))
    return MessageRefusedError(str(status))
