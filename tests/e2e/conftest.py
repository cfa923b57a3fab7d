"""Browser journeys."""

import os

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse its own database calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
