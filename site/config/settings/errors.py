"""Where errors are told besides the log: an address in Sentry's protocol, and the publisher's mailbox."""

import environ

from config.errors import start

env = environ.Env()

#: Empty: errors stay in the log and on the publisher's pages.
SENTRY_DSN: str = env("SENTRY_DSN", default="")
#: The version deployed, which the errors bear.
RELEASE: str = env("THERMO_RELEASE", default="thermogestion@development")
ENVIRONMENT: str = env("THERMO_ENVIRONMENT", default="development")
#: More errors than this in a minute are told to the publisher by mail, once an episode.
ERRORS_PER_MINUTE: int = env.int("ERRORS_PER_MINUTE", default=10)

start(dsn=SENTRY_DSN, release=RELEASE, environment=ENVIRONMENT)
