"""What the publisher types."""

from .entrance import PublisherLoginForm, SupportForm, WriteForm

__all__ = ["PublisherLoginForm", "SupportForm", "WriteForm"]
