"""The row of an item, held until the end of the transaction: its stock moves one writer at a time."""

from collections.abc import Iterable

from .models import Carton, Item


def lock_items(item_pks: Iterable[int]) -> dict[int, Item]:
    """These items, held, always in the same order so that two writers never wait for each other."""
    rows = Item.objects.select_for_update(of=("self",)).select_related("powder")
    return {item.pk: item for item in rows.filter(pk__in=set(item_pks)).order_by("pk")}


def lock_carton(carton_pk: int) -> Carton:
    """A carton, after its item; Carton.DoesNotExist when it is not in this workshop."""
    lock_items([Carton.objects.values_list("item_id", flat=True).get(pk=carton_pk)])
    return Carton.objects.select_related("item__powder", "site").get(pk=carton_pk)
