"""Telephone numbers: E.164 in the database, French spacing on screen."""

import re

import phonenumbers

# Overseas departments share the ten-digit dialling of mainland France but have their own country codes.
FRENCH_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT")
# What nearly every stored number is, and what a list shows by the dozen; 08 numbers are spaced otherwise.
PLAIN_FRENCH = re.compile(r"\+33([1-79])([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
EXCEL_DECIMALS = re.compile(r"[.,]0+$")


def normalise_phone(raw: str) -> str | None:
    """The number in E.164 (`+33612345678`), or None when it is no valid number.

    Accepts what people and spreadsheets write: spaces, dots, `+33 (0)6…`, `0033…`, `33612345678`, and the
    leading zero that Excel drops (`612345678`, `612345678.0`).
    """
    text = " ".join(raw.split())
    if text.count(".") + text.count(",") == 1:
        text = EXCEL_DECIMALS.sub("", text)
    for region in FRENCH_REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return None
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def display_phone(stored: str) -> str:
    """`06 12 34 56 78` for a French number, `+32 470 12 34 56` for another, unchanged when it is neither."""
    plain = PLAIN_FRENCH.fullmatch(stored)
    if plain:
        return "0{} {} {} {} {}".format(*plain.groups())
    try:
        number = phonenumbers.parse(stored, "FR")
    except phonenumbers.NumberParseException:
        return stored
    if not phonenumbers.is_valid_number(number):
        return stored
    national = phonenumbers.region_code_for_number(number) in FRENCH_REGIONS
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, formats.NATIONAL if national else formats.INTERNATIONAL)
