"""Health addresses, and the public status page."""
