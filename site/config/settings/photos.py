"""Photos: from which share of the storage the oldest ones are removed and down to which; direct uploads to S3."""

import environ

env = environ.Env()

PHOTO_PURGE_FROM_PERCENT = env.int("PHOTO_PURGE_FROM_PERCENT", default=90)
PHOTO_PURGE_TO_PERCENT = env.int("PHOTO_PURGE_TO_PERCENT", default=80)

#: The origin that browsers send photos to (https://bucket.s3.example); empty: they send them to the application.
S3_UPLOAD_ORIGIN = env("S3_UPLOAD_ORIGIN", default="")
