"""What a message looks like with sample values."""

from django.utils import translation

from app.notify.constants import CUSTOMERS_LANGUAGE
from app.notify.kinds import EmailKind
from app.notify.rendering import VARIABLE, RenderedEmail, Words, render_email
from app.notify.services.outbox import workshop_brand, workshop_values
from app.tenancy.models import Workshop


def preview(workshop: Workshop, kind: EmailKind, words: Words) -> RenderedEmail:
    """The message of this workshop, in the language of its customers, whoever looks at it.

    A variable that does not exist stays visible, between its braces.
    """
    with translation.override(CUSTOMERS_LANGUAGE):
        samples = {name: str(variable.sample) for name, variable in kind.variables.items()}
    values = samples | workshop_values(workshop)
    for name in VARIABLE.findall(words.subject + words.body):
        values.setdefault(name, f"{{{name}}}")
    brand = workshop_brand(workshop, kind)
    return render_email(kind, values, words=words, brand=brand, language=CUSTOMERS_LANGUAGE)
