"""Pages of the backoffice, one module by subject."""
