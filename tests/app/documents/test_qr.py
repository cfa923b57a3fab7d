"""QR codes: what is drawn on a page is what a camera reads."""

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.documents.qr import qr_svg

RECTANGLE = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3Z")


@pytest.mark.parametrize("text", ["HTTPS://X.FR/E/1/GTM4DT", "https://app.example.fr/tablette/" + "aB3_-" * 9 + "/"])
def test_a_code_on_a_page_is_read(text: str) -> None:
    svg = str(qr_svg(text))
    side = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    assert side
    seen = Image.new("L", (8 * int(side[1]),) * 2, 255)
    for left, top, width, height in (map(int, found) for found in RECTANGLE.findall(svg)):
        ImageDraw.Draw(seen).rectangle((8 * left, 8 * top, 8 * (left + width) - 1, 8 * (top + height) - 1), fill=0)
    assert [found.text for found in zxingcpp.read_barcodes(seen)] == [text]
    assert RECTANGLE.sub("", svg).count("M") == 0
