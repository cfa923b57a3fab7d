"""Every message of the product: its words, its variables and who sends it.

A text is paragraphs separated by blank lines, with `{variables}`. The button stands after the text and opens
the address in `{lien}`. Variable names are French: workshops read and write them.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
#: The variable that holds the address by which a reader stops a kind of message; a mail program uses it as well.
STOP_ADDRESS = "arreter"


class Sender(Enum):
    """Which mailbox a kind leaves from."""

    WORKSHOP = "workshop"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that the text may name; the sample fills the preview."""

    label: Text
    sample: Text


@dataclass(frozen=True, slots=True)
class EmailKind:
    """A message; those to customers can be reworded by the workshop.

    `is_optional` is true for what may be refused when the quota of messages is reached; the others always leave.
    `keeps_link` is false when its link opens a session: the address is forgotten once the message is sent.
    """

    key: str
    label: Text
    subject: Text
    body: Text
    variables: dict[str, Variable]
    button: Text = ""
    sender: Sender = Sender.WORKSHOP
    keeps_link: bool = True
    is_optional: bool = False

    @property
    def is_editable(self) -> bool:
        """Whether a workshop may reword it: the messages to its customers."""
        return "nom_client" in self.variables


CUSTOMER = Variable(_("the customer's name"), "Camille Lefèvre")
WORKSHOP = Variable(_("the workshop's name"), "Atelier Vulcain")
PHONE = Variable(_("the workshop's telephone"), "04 76 00 00 00")
LINK = Variable(_("the address that the button opens"), "https://exemple.fr/lien")
QUOTE = Variable(_("the quote's number"), "DEV-2026-0042")
AMOUNT = Variable(_("the total with tax"), "1 234,56 €")
VALID_UNTIL = Variable(_("the last day of validity"), "31/12/2026")
PROJECT = Variable(_("the project's number"), "PRJ-2026-0042")
ADDRESS = Variable(_("the workshop's address"), "12 rue des Forges, 38000 Grenoble")
FIRST_NAME = Variable(_("the reader's first name"), "Olivia")
DATE = Variable(_("the date"), "31/12/2026")
