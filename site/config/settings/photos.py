"""Room for photos: from which share of the storage the oldest ones are removed, and down to which."""

import environ

env = environ.Env()

PHOTO_PURGE_FROM_PERCENT = env.int("PHOTO_PURGE_FROM_PERCENT", default=90)
PHOTO_PURGE_TO_PERCENT = env.int("PHOTO_PURGE_TO_PERCENT", default=80)
