"""Views of batches and ovens."""
