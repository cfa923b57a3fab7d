"""The publisher's acts."""

from .support import end_support, open_support, widen_support

__all__ = ["end_support", "open_support", "widen_support"]
