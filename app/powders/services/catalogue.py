"""The shared colour charts."""

from app.kernel.text import fold
from app.powders.catalogue import ral_classic
from app.powders.models import ReferenceColour


def load_catalogue() -> int:
    """Insert or refresh every colour of the charts that ship with the product; return how many there are."""
    colours = [
        ReferenceColour(
            code=colour.code,
            hex=colour.hex,
            name_fr=colour.name_fr,
            name_en=colour.name_en,
            search_key=fold(f"{colour.code} {colour.code.replace(' ', '')} {colour.name_fr} {colour.name_en}"),
        )
        for colour in ral_classic()
    ]
    ReferenceColour.objects.bulk_create(
        colours,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["hex", "name_fr", "name_en", "search_key"],
    )
    return len(colours)
