"""What the migration of part numbers imports; everything else asks app.kernel.codes."""

from app.kernel.codes import code_of

__all__ = ["code_of"]
