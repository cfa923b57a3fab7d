"""A local server that speaks S3 (moto), for the storage that production uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

BUCKET, REGION, KEY, SECRET = "thermo-private", "eu-west-3", "test-key", "test-secret"


@contextmanager
def s3_server() -> Iterator[str]:
    """Start the server on a free port of 127.0.0.1 with a bucket; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        buckets = client(address).list_buckets()["Buckets"]  # servers of one process share what they hold
        if not buckets:
            client(address).create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield address
    finally:
        server.stop()


def client(address: str) -> Any:
    """A client of the server."""
    return boto3.client(
        "s3", endpoint_url=address, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )


def environment(address: str) -> dict[str, str]:
    """The variables that point the product at this server."""
    return {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": address,
        "S3_REGION": REGION,
        "S3_ACCESS_KEY": KEY,
        "S3_SECRET_KEY": SECRET,
        "S3_ADDRESSING_STYLE": "path",
    }
