"""Which VAT the publisher's invoice bears, from the workshop's country and the state of its number.

Source: CGI art. 259-1° and 283-2; directive 2006/112/CE art. 44 and 196 (services between businesses are taxed where
the customer is established, who owes the tax); sales outside the EU are out of the scope of French VAT.
"""

FRANCE = "FR"
#: Member states by their VAT prefix; Greece writes EL. Monaco is France for VAT.
MEMBER_STATES = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip
_PREFIXES = {"GR": "EL"}
_LIKE_FRANCE = frozenset({FRANCE, "MC"})

DUE, OWED_BY_CUSTOMER, OUT_OF_SCOPE = "none", "reverse", "exempt"


def vat_prefix(country: str) -> str:
    """The two letters that VAT numbers of this country begin with."""
    return _PREFIXES.get(country, country)


def needs_check(country: str, number: str) -> bool:
    """Whether the number decides who owes the tax: another member state's, of its own country."""
    prefix = vat_prefix(country)
    return country not in _LIKE_FRANCE and prefix in MEMBER_STATES and number.startswith(prefix)


def tax_exempt(country: str, *, number_is_valid: bool) -> str:
    """Who owes the VAT, in Stripe's words: DUE in France and to whoever has no valid number in the EU."""
    if country in _LIKE_FRANCE:
        return DUE
    if vat_prefix(country) in MEMBER_STATES:
        return OWED_BY_CUSTOMER if number_is_valid else DUE
    return OUT_OF_SCOPE
