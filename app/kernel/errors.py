"""The one exception of a refused business rule."""


class RuleError(Exception):
    """A rule of the trade or of the law refuses what was asked.

    The message is translated and meant for the person who asked. `field` names the form field it
    belongs to; without one it concerns the whole request.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
