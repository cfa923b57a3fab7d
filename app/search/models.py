"""Search as you type, under row security: one row for each word of each object."""

from django.db import models

from app.tenancy.base import TenantModel


class SearchToken(TenantModel):
    """A folded word of an object.

    PostgreSQL never uses a trigram or full-text index ahead of a row policy (their operators are not leakproof);
    a prefix search with `^@` over this table is leakproof and takes a fraction of a millisecond.
    """

    kind = models.CharField(max_length=20)
    token = models.CharField(max_length=40, db_collation="C")
    object_pk = models.BigIntegerField()
    #: Where the object stands in its list, for kinds of which a page is found without reading each object; else empty.
    sort_key = models.CharField(max_length=250, default="", blank=True, db_collation="C")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["workshop", "kind", "token", "sort_key", "object_pk"], name="search_in_order"),
            models.Index(fields=["workshop", "kind", "object_pk"], name="search_of_an_object"),
        ]

    def __str__(self) -> str:
        return self.token
