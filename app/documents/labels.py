"""Labels as a PDF: what stands on a label, the sizes that shops sell, and where each thing is drawn.

Drawn directly rather than laid out from HTML: a label has one fixed shape, and a project may want five hundred.
Lengths are millimetres from the top left corner of the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from itertools import islice

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .constants import FONTS
from .qr import draw_qr

A4 = (210.0, 297.0)
PAD = 2.5
#: The smallest text that is read at arm's length, in points.
SMALLEST = 5.5
MOST_LABELS = 5000


class Marks(models.TextChoices):
    """How a part is recognised."""

    BOTH = "both", _("QR code and number")
    QR = "qr", _("QR code")
    NUMBER = "number", _("Large number, for paper that goes through the oven")


@dataclass(frozen=True)
class LabelFormat:
    """A size of label: alone on its page (a roll), or by columns and rows on a sheet."""

    label: str | Promise
    width: float
    height: float
    page: tuple[float, float]
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    gap: float = 0

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    def places(self) -> Iterator[tuple[float, float]]:
        """The top left corner of each label of a page, line by line."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield self.left + column * (self.width + self.gap), self.top + row * self.height


def _roll(width: float, height: float) -> LabelFormat:
    return LabelFormat(f"{width:g} × {height:g} mm", width, height, (width, height))


class Size(Enum):
    """The sizes on offer; the name is what is stored."""

    ROLL_57_32 = _roll(57, 32)
    ROLL_62_29 = _roll(62, 29)
    ROLL_89_36 = _roll(89, 36)
    ROLL_100_50 = _roll(100, 50)
    ROLL_102_152 = _roll(102, 152)
    SHEET_65 = LabelFormat(_("A4, 65 labels of 38 × 21 mm"), 38.1, 21.2, A4, 5, 13, 4.75, 10.7, 2.5)
    SHEET_24 = LabelFormat(_("A4, 24 labels of 70 × 37 mm"), 70, 37, A4, 3, 8, 0, 0.5)
    SHEET_21 = LabelFormat(_("A4, 21 labels of 63 × 38 mm"), 63.5, 38.1, A4, 3, 7, 7.25, 15.15, 2.5)
    SHEET_14 = LabelFormat(_("A4, 14 labels of 99 × 38 mm"), 99.1, 38.1, A4, 2, 7, 4.65, 15.15, 2.5)
    SHEET_8 = LabelFormat(_("A4, 8 tags of 105 × 74 mm"), 105, 74, A4, 2, 4, 0, 0.5)


@dataclass(frozen=True)
class Label:
    """What is printed: the part's number, what its QR code says, and lines from the most to the least useful."""

    code: str
    scan_text: str
    lines: tuple[str, ...]
    colour: str = ""
    piece: str = ""


def spaced(code: str) -> str:
    """The number as it is printed: in two groups, easier to read and to type.

    >>> spaced("GTM4DT")
    'GTM 4DT'
    """
    return f"{code[:3]} {code[3:]}"


def labels_pdf(labels: Iterable[Label], size: LabelFormat, marks: Marks, *, skip: int = 0, title: str = "") -> bytes:
    """The PDF of labels; `skip` places of the first sheet are used already and stay empty."""
    _register_fonts()
    output = BytesIO()
    page = (size.page[0] * mm, size.page[1] * mm)
    canvas = Canvas(output, pagesize=page, pageCompression=1, lang="fr")
    canvas.setTitle(title)
    pen = _Pen(canvas)
    waiting = iter(labels)
    places = list(size.places())
    first = places[skip % len(places) :]
    while batch := list(islice(waiting, len(first))):
        for label, place in zip(batch, first, strict=False):
            canvas.addLiteral(f"q 1 0 0 1 {place[0] * mm:.3f} {page[1] - (place[1] + size.height) * mm:.3f} cm")
            _draw(pen, label, size, marks)
            canvas.addLiteral("Q")
        canvas.showPage()
        first = places
    canvas.save()
    return output.getvalue()


class _Pen:
    """Writes on the canvas; what many labels share, such as the customer, is put into the words of PDF once."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._texts: dict[tuple[str, str, float, float, float], str] = {}

    def draw(self, operators: str) -> None:
        self._canvas.addLiteral(operators)

    def write(self, text: str, font: str, points: float, left: float, baseline: float) -> None:
        key = (text, font, points, left, baseline)
        if key not in self._texts:
            written = self._canvas.beginText(left, baseline)
            written.setFont(font, points)
            written.textOut(text)
            self._texts[key] = written.getCode()
        self.draw(self._texts[key])


def _draw(pen: _Pen, label: Label, size: LabelFormat, marks: Marks) -> None:
    """One label, its lower left corner at the origin."""
    left, width, height = PAD * mm, (size.width - 2 * PAD) * mm, (size.height - 2 * PAD) * mm
    upright = size.height > size.width
    if marks != Marks.NUMBER:
        side = min(height, width) if upright else min(height, width * 0.42)
        _draw_qr(pen, label, left, PAD * mm + height - side, side)
        if upright:
            height -= side + PAD * mm
        else:
            left, width = left + side + PAD * mm, width - side - PAD * mm
    top = PAD * mm + height
    if marks != Marks.QR:
        largest = height if marks == Marks.BOTH else height * 1.2
        top -= _draw_number(pen, label, left, top, width, largest * (0.45 if label.lines else 1))
    _draw_lines(pen, label, left, top, width)


def _draw_number(pen: _Pen, label: Label, left: float, top: float, width: float, largest: float) -> float:
    """The number, as large as its place lets it be; the height of its place, the same whatever its letters."""
    text = spaced(label.code)
    place = min(largest, width / _width_of(spaced("A" * len(label.code)), "Inter-Bold", 1))
    points = min(place, width / stringWidth(text, "Inter-Bold", 1))
    pen.write(text, "Inter-Bold", points, left, top - place * 0.76)
    return float(place * 0.95)


def _draw_lines(pen: _Pen, label: Label, left: float, top: float, width: float) -> None:
    """The lines that fit in what is left, each cut where the label ends; the piece and the colour with the first."""
    room = top - PAD * mm
    points = max(SMALLEST, min(11, width / 13, room / (len(label.lines) + 0.5) / 1.25))
    leading = points * 1.25
    for rank, line in enumerate(label.lines):
        baseline = top - points * 0.9 - rank * leading
        if baseline < PAD * mm - points * 0.1:
            return
        start = left
        if rank == len(label.lines) - 1 and label.colour:
            pen.draw(_swatch(label.colour, left, baseline, points))
            start += points * 1.7
        taken = 0.0
        if rank == 0 and label.piece:
            wide = _width_of(label.piece, "Inter-Bold", points)
            pen.write(label.piece, "Inter-Bold", points, left + width - wide, baseline)
            taken = wide + points * 0.5
        font = "Inter-Bold" if rank == 0 else "Inter"
        pen.write(_cut(line, font, points, left + width - start - taken), font, points, start, baseline)


@lru_cache(maxsize=64)
def _swatch(colour: str, left: float, baseline: float, points: float) -> str:
    """The colour in a thin frame."""
    red, green, blue = HexColor(colour).rgb()
    box = f"{left:.3f} {baseline - points * 0.12:.3f} {points * 1.3:.3f} {points * 0.85:.3f}"
    return f"q {red:.4f} {green:.4f} {blue:.4f} rg 0 0 0 RG 0.3 w {box} re B Q"


def _draw_qr(pen: _Pen, label: Label, left: float, bottom: float, side: float) -> None:
    """The QR code as vectors, which no printer and no screen blurs."""
    modules, rectangles = draw_qr(label.scan_text)
    module = side / modules
    pen.draw(f"q {module:.4f} 0 0 {module:.4f} {left:.3f} {bottom:.3f} cm {rectangles} Q")


@lru_cache(maxsize=64)
def _width_of(text: str, font: str, points: float) -> float:
    return float(stringWidth(text, font, points))


@lru_cache(maxsize=64)
def _cut(text: str, font: str, points: float, width: float) -> str:
    """The text, or as much of its beginning as the width holds with an ellipsis."""
    if _width_of(text, font, points) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if stringWidth(text[:middle] + "…", font, points) <= width:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…" if low else ""


@cache
def _register_fonts() -> None:
    """The product's own letters, read once for the process."""
    for name, file in (("Inter", "inter-400.ttf"), ("Inter-Bold", "inter-700.ttf")):
        registerFont(TTFont(name, FONTS / file))
        getFont(name)
