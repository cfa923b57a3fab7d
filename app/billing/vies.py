"""The one door to VIES, the European Commission's check of VAT numbers."""

from dataclasses import dataclass

import requests
from django.conf import settings

SECONDS = 15


@dataclass(frozen=True)
class VatAnswer:
    """What VIES said. `valid` None means that it could not be asked: that proves nothing either way."""

    valid: bool | None
    name: str = ""
    address: str = ""
    consultation: str = ""
    error: str = ""


def ask_vies(number: str) -> VatAnswer:
    """Ask whether this number (country prefix first) is valid; with our own number, the answer is a proof."""
    own = settings.PUBLISHER_VAT_NUMBER
    body = {"countryCode": number[:2], "vatNumber": number[2:]}
    if own:
        body |= {"requesterMemberStateCode": own[:2], "requesterNumber": own[2:]}
    try:
        answer = requests.post(f"{settings.VIES_URL}/check-vat-number", json=body, timeout=SECONDS).json()
    except (requests.RequestException, ValueError) as error:
        return VatAnswer(None, error=type(error).__name__)
    errors = [problem.get("error", "") for problem in answer.get("errorWrappers") or []]
    if errors or not isinstance(answer.get("valid"), bool):
        problem = (errors or [str(answer.get("userError") or "NO_ANSWER")])[0]
        return VatAnswer(False if problem == "INVALID_INPUT" else None, error=problem[:60])
    return VatAnswer(
        valid=answer["valid"],
        name=str(answer.get("name") or "")[:300],
        address=str(answer.get("address") or "")[:500],
        consultation=str(answer.get("requestIdentifier") or "")[:60],
    )
