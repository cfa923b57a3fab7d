"""Pages and answers of the workshop mode."""
