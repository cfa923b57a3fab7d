"""The room that a part takes, from what a quote measured."""

from app.quotes.constants import Shape
from app.quotes.models import QuoteLine


def size_of_line(line: QuoteLine) -> dict[str, int | None]:
    """Length, width and height of one piece in mm, as its shape tells them; what it does not tell stays empty.

    A plate hangs by its length: its width is the height, and its thickness is not known.
    """
    length, width, height = line.length_mm, line.width_mm, line.height_mm
    match line.shape:
        case Shape.BOX | Shape.SQUARE_TUBE:
            return {"length_mm": length, "width_mm": width, "height_mm": height}
        case Shape.ROUND_TUBE:
            return {"length_mm": length, "width_mm": width, "height_mm": width}
        case Shape.PLATE | Shape.PLATE_ONE_FACE:
            return {"length_mm": length, "width_mm": None, "height_mm": width}
    return {}
