"""The PDF of an invoice: one page of text, written by hand so that no library stands between."""

from . import wording
from .state import Account, Object

_WIDTH, _HEIGHT, _LEFT, _TOP, _STEP = 595, 842, 50, 780, 18


def invoice_pdf(account: Account, invoice: Object) -> bytes:
    """The invoice as a PDF of as many pages as its lines ask."""
    taxes = sum(tax["amount"] for tax in invoice["total_taxes"])
    address = invoice["customer_address"] or {}
    texts = [
        account.settings.business_name,
        f"Facture {invoice['number']} du {wording.date(invoice['created'])}",
        f"État : {invoice['status']}",
        "",
        invoice["customer_name"] or invoice["customer_email"] or invoice["customer"],
        *(address[name] for name in ("line1", "line2") if address.get(name)),
        f"{address.get('postal_code') or ''} {address.get('city') or ''}".strip(),
        *(f"{found['type']} {found['value']}" for found in invoice["customer_tax_ids"] or []),
        "",
        *(f"{line['description'] or ''} : {_money(line['amount'])}" for line in invoice["_lines"]),
        "",
        f"Total HT : {_money(invoice['total_excluding_tax'])}",
        f"TVA : {_money(taxes)}",
        f"Total TTC : {_money(invoice['total'])}",
        f"Net à payer : {_money(invoice['amount_due'])}",
    ]
    if invoice["customer_tax_exempt"] == "reverse":
        texts.append("Autoliquidation de la TVA par le preneur")
    return write_pdf(texts)


def _money(cents: int) -> str:
    return wording.amount(cents).replace("\u202f", " ").replace("\u00a0", " ")


def write_pdf(texts: list[str]) -> bytes:
    """Lines of text on A4 pages, in Helvetica; a character outside of Windows-1252 becomes a question mark."""
    count = (_TOP - 50) // _STEP
    pages = [texts[start : start + count] for start in range(0, len(texts), count)] or [[]]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        content = _content(lines)
        box = f"[0 0 {_WIDTH} {_HEIGHT}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    return _file(objects)


def _content(lines: list[str]) -> bytes:
    head = f"BT /F1 11 Tf {_LEFT} {_TOP} Td {_STEP} TL\n".encode()
    return head + b"\n".join(b"(" + _escaped(line) + b") Tj T*" for line in lines) + b"\nET"


def _escaped(line: str) -> bytes:
    raw = line.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
