"""Why a message could not leave; each calls for something else."""


class DeliveryError(Exception):
    """Base of what can go wrong between the outbox and the recipient's server."""


class TemporaryError(DeliveryError):
    """The network or a server is not ready: try again later."""


class AccountRefusedError(DeliveryError):
    """The provider no longer accepts the mailbox: its messages wait until it is connected again."""


class MessageRefusedError(DeliveryError):
    """The server refuses this message for good."""


class RecipientRefusedError(DeliveryError):
    """The recipient's address is refused for good."""
