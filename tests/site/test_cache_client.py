"""The client of the cache is made once, and does all that Django's does."""

from config.cache import KeptClient, RedisCache
from django.core.cache import caches


def test_the_client_of_redis_is_kept() -> None:
    cache = caches["default"]
    assert isinstance(cache, RedisCache)
    cache.set("kept", {"a": 1}, 60)
    assert cache.get("kept") == {"a": 1}
    client = cache._cache
    assert isinstance(client, KeptClient)
    assert client.get_client() is client.get_client(write=True)
    assert cache.delete("kept")
    assert cache.get("kept") is None
