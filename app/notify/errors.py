"""Why a message could not leave; each calls for something else."""

LONGEST_REASON = 1000  # characters


class DeliveryError(Exception):
    """Base of what can go wrong between the outbox and the recipient's server; its text can be kept and shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason.replace("\x00", " ")[:LONGEST_REASON])  # servers write what they like


class TemporaryError(DeliveryError):
    """The network or a server is not ready: try again later."""


class AccountRefusedError(DeliveryError):
    """The provider no longer accepts the mailbox: its messages wait until it is connected again."""


class MessageRefusedError(DeliveryError):
    """The server refuses this message for good."""


class RecipientRefusedError(DeliveryError):
    """The recipient's address is refused for good."""
