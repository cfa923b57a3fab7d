"""Refusals, in Stripe's own JSON."""

from typing import Any


class StripeRefusal(Exception):
    """An answer that is an error: its HTTP status and the `error` object of the body."""

    def __init__(self, message: str, *, status: int = 400, type: str = "invalid_request_error", **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": type, **{key: value for key, value in details.items() if value}}
        if "code" in self.error:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{str(self.error['code']).replace('_', '-')}"

    @property
    def body(self) -> dict[str, Any]:
        """What the client reads."""
        return {"error": self.error}


def missing_object(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> StripeRefusal:
    """`No such customer: 'cus_x'`; 404 when the path names it, 400 when a parameter does."""
    words = kind.split(".")[-1].replace("_", " ")
    return StripeRefusal(f"No such {words}: '{identifier}'", status=status, code="resource_missing", param=param)


def missing_param(name: str) -> StripeRefusal:
    """A parameter that the call cannot do without."""
    return StripeRefusal(f"Missing required param: {name}.", code="parameter_missing", param=name)


def unsupported(what: str, param: str | None = None) -> StripeRefusal:
    """What Stripe would accept and this server does not act: said aloud, never ignored."""
    message = f"The local Stripe server does not implement {what}."
    return StripeRefusal(message, code="local_server_unsupported", param=param)


def card_refusal(message: str, *, code: str, decline_code: str | None = None, **details: Any) -> StripeRefusal:
    """402: the card was declined or wants its holder."""
    return StripeRefusal(message, status=402, type="card_error", code=code, decline_code=decline_code, **details)
