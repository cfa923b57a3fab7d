"""Numbers of parts and cartons: short, read aloud and typed with gloves, a typing error told at once. Pure functions.

Twenty-three characters of which no two look alike (no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V). Twenty-three is prime: with
weights that all differ, the last character detects any one wrong character and any two exchanged ones.
"""

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
BASE = len(ALPHABET)
#: Characters before the check character: 6.4 million parts of a workshop, then one more character.
SHORTEST = 5
LONGEST = 11
#: Prime to the base: neighbouring parts get numbers that do not look alike, and none comes twice.
SPREAD = 3_037_019
#: How people write what the alphabet leaves out on purpose.
SEPARATORS = str.maketrans("", "", " -._\t\r\n")


class CodeError(ValueError):
    """The text is no part number: `reason` is "shape" (length, unknown character) or "check" (mistyped)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def code_of(rank: int) -> str:
    """The number of the workshop's part of this rank (from 1): five characters and the check character.

    >>> code_of(1), code_of(2)
    ('GTM4DT', 'XPA6MW')
    """
    index, width = rank - 1, SHORTEST
    while index >= BASE**width:
        index, width = index - BASE**width, width + 1
    body = _digits((index + 1) * SPREAD % BASE**width, width)
    return body + _check(body)


def read_code(text: str) -> str:
    """The number as it is stored, from what was typed or scanned; CodeError when it cannot be one.

    >>> read_code(" gtm-4dt ")
    'GTM4DT'
    """
    code = text.translate(SEPARATORS).upper()
    if not SHORTEST < len(code) <= LONGEST or any(char not in ALPHABET for char in code):
        raise CodeError("shape")
    if _check(code[:-1]) != code[-1]:
        raise CodeError("check")
    return code


def _digits(value: int, width: int) -> str:
    digits = []
    for _place in range(width):
        value, digit = divmod(value, BASE)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def _check(body: str) -> str:
    return ALPHABET[sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, start=2)) % BASE]
