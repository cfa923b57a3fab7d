"""What can go wrong with the payment service, in the product's words."""


class PaymentServiceError(Exception):
    """The payment service did what we cannot use: a call of ours it refuses, an object of another currency…"""


class ServiceDownError(PaymentServiceError):
    """No answer, or an answer that says to come back: the same call, with the same key, may be made again."""


class PaymentRefusedError(PaymentServiceError):
    """The card was refused; the text is what the bank lets us say to its holder, in the language of the moment.

    `wants_holder` when the bank would rather hear the holder than refuse.
    """

    def __init__(self, words: str, *, wants_holder: bool = False) -> None:
        super().__init__(words)
        self.wants_holder = wants_holder
