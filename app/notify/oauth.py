"""OAuth 2 authorisation code with PKCE, the same few calls for every provider."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from app.notify.errors import AccountRefusedError, TemporaryError
from app.notify.providers import OAuthProvider

TIMEOUT_SECONDS = 15
REFUSED = {"invalid_grant", "invalid_client", "unauthorized_client", "interaction_required", "consent_required"}


@dataclass(frozen=True, slots=True)
class Authorization:
    """What starts a flow: the provider's page, and the two secrets that its answer must match."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the provider gave: an access token for an hour, a refresh token for later, the mailbox's address."""

    access_token: str
    refresh_token: str
    address: str


def start(provider: OAuthProvider, redirect_uri: str) -> Authorization:
    """Prepare the visit to the provider's consent page."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scopes,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **dict(provider.extra),
    }
    return Authorization(f"{provider.authorize_url}?{urlencode(query)}", state, verifier)


def exchange(provider: OAuthProvider, *, code: str, verifier: str, redirect_uri: str) -> Grant:
    """Turn the code that the provider sent back into tokens. Raises AccountRefusedError or TemporaryError."""
    answer = _ask(
        provider, grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
    )
    if not answer.get("refresh_token"):
        raise AccountRefusedError("no refresh token")
    return Grant(answer["access_token"], answer["refresh_token"], _address(answer))


def refresh(provider: OAuthProvider, refresh_token: str) -> Grant:
    """A fresh access token; some providers replace the refresh token too. Raises the same errors."""
    answer = _ask(provider, grant_type="refresh_token", refresh_token=refresh_token, scope=provider.scopes)
    return Grant(answer["access_token"], answer.get("refresh_token") or refresh_token, _address(answer))


def _ask(provider: OAuthProvider, **form: str) -> dict[str, Any]:
    data = {"client_id": provider.client_id, "client_secret": provider.client_secret, **form}
    try:
        response = requests.post(provider.token_url, data=data, timeout=TIMEOUT_SECONDS)
        answer = response.json()
    except (requests.RequestException, ValueError) as error:
        raise TemporaryError(str(error)) from error
    if not isinstance(answer, dict):
        raise TemporaryError(f"{response.status_code} {type(answer).__name__}")
    if response.ok and answer.get("access_token"):
        return answer
    reason = f"{answer.get('error', response.status_code)} {answer.get('error_description', '')}".strip()
    if answer.get("error") in REFUSED:
        raise AccountRefusedError(reason)
    raise TemporaryError(reason)


def _address(answer: dict[str, Any]) -> str:
    """The e-mail of the identity token; it came from the provider over TLS, so its signature adds nothing."""
    payload = str(answer.get("id_token") or "").split(".")[1:2]
    if not payload:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload[0] + "=" * (-len(payload[0]) % 4)))
    except ValueError:
        return ""
    if not isinstance(claims, dict):
        return ""
    return str(claims.get("email") or claims.get("preferred_username") or "")
