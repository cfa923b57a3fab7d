"""Customer lists as they come out of spreadsheets and other software, with what is wrong in them."""

import codecs
from collections.abc import Iterable

HEADER = ("Nom", "Prénom", "E-mail", "Téléphone", "Adresse", "Code postal", "Ville", "Type")
GOOGLE = "Name,Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value,Organization 1 - Name,Address 1 - City"
FIRST = ("Zoé", "Élodie", "François", "Jean-Noël", "Anaïs", "Loïc", "Maëlle", "Hervé", "Inès", "Cédric")
LAST = ("Lefèvre", "Müller", "D'Angelo", "de la Tour", "Bœuf", "Gonçalves", "Peña", "Le Goff", "Ozanne", "Vidal")
CITIES = (("38000", "Grenoble"), ("73000", "Chambéry"), ("69003", "Lyon"), ("26000", "Valence"))


def text(rows: Iterable[Iterable[str]], separator: str = ";", header: Iterable[str] = HEADER) -> str:
    """Rows as text, quoted where they must be."""

    def cell(value: str) -> str:
        return f'"{value}"' if separator in value or "\n" in value else value

    return "\r\n".join(separator.join(cell(value) for value in row) for row in [tuple(header), *rows]) + "\r\n"


def simple() -> list[tuple[str, ...]]:
    """Four good lines: a private person, a company by its type, one without a telephone, one without an e-mail."""
    return [
        ("Lefèvre", "Zoé", "zoe@client.fr", "06 12 34 56 78", "3 rue du Four", "38000", "Grenoble", "Particulier"),
        ("Métallerie Bœuf", "", "contact@boeuf.fr", "04.76.00.00.00", "ZI Nord", "69003", "Lyon", "Pro"),
        ("Vidal", "Inès", "ines@client.fr", "", "", "", "", ""),
        ("Le Goff", "Hervé", "", "+33 (0)7 55 66 77 88", "", "29000", "Quimper", ""),
    ]


def messy() -> list[tuple[str, ...]]:
    """What really happens: ten lines, of which five are new, three repeat another one and two are wrong."""
    return [
        ("LEFEVRE", "Zoe", "", "", "", "", "", ""),
        ("Lefèvre", "zoé", "", "", "", "", "Grenoble", ""),
        ("Ozanne", "Anaïs", "ANAIS@Client.FR", "33612000001", "", "", "", ""),
        ("Ozanne", "A.", "anais@client.fr", "", "", "", "", ""),
        ("Müller", "Loïc", "loic@client.fr", "612000002", "", "", "", ""),
        ("Muller", "L.", "", "0033 6 12 00 00 02", "", "", "", ""),
        ("Peña", "Inès", "ines(at)client.fr", "", "", "", "", ""),
        ("Vidal", "Cédric", "", "06 12", "", "", "", ""),
        ("=HYPERLINK(1)", "Formule", "formule@client.fr", "", "", "", "", ""),
        ("de la Tour", "Maëlle", "maelle@client.fr", "612000003.0", "", "", "", ""),
    ]


def many(count: int) -> list[tuple[str, ...]]:
    """That many different people, one in four without an address, telephones written in five ways."""
    rows = []
    for number in range(count):
        postcode, city = CITIES[number % 4]
        digits = f"6{number:08d}"
        pairs = [digits[1:3], digits[3:5], digits[5:7], digits[7:]]
        spaced, dotted = f"+33 6 {' '.join(pairs)}", f"06.{'.'.join(pairs)}"
        ways = (f"0{digits}", f"33{digits}", spaced, digits, dotted)
        last, first = LAST[number % 10], FIRST[(number // 10) % 10]
        rows.append(
            (f"{last} {number}", first, f"p{number}@client{number % 97}.fr" if number % 4 else "", ways[number % 5],
             f"{number % 90 + 1} rue du Four", postcode, city, "Pro" if number % 3 == 0 else "Particulier")
        )  # fmt: skip
    return rows


def encoded(content: str, encoding: str) -> bytes:
    """The text as bytes; UTF-16 with its mark."""
    return codecs.BOM_UTF16_LE + content.encode("utf-16-le") if encoding == "utf-16" else content.encode(encoding)
