"""The workshop's own words for the messages to its customers."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.notify.constants import CUSTOMERS_LANGUAGE
from app.notify.kinds import EmailKind
from app.notify.models import EmailTemplate
from app.notify.rendering import Words, unknown_variables
from app.notify.selectors import find_words
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop


def save_template(*, workshop: Workshop, actor: Actor, kind: EmailKind, words: Words) -> EmailTemplate:
    """Keep the workshop's words. Raises RuleError for a variable that this message does not know."""
    for field, text in (("subject", words.subject), ("body", words.body)):
        if unknown := unknown_variables(text, kind):
            raise RuleError(
                _("Unknown variables: %(names)s. See the list beside the text.") % {"names": ", ".join(unknown)},
                field=field,
            )
    before = find_words(kind, CUSTOMERS_LANGUAGE)
    with transaction.atomic():
        template, _created = EmailTemplate.objects.update_or_create(
            workshop=workshop, kind=kind.key, defaults={"subject": words.subject, "body": words.body}
        )
        changes = difference(asdict(before), asdict(words))
        record(workshop=workshop, actor=actor, action="email_template.saved", subject=template, changes=changes)
    return template


def reset_template(*, workshop: Workshop, actor: Actor, template: EmailTemplate) -> None:
    """Go back to the product's words."""
    with transaction.atomic():
        own = {"subject": [template.subject, ""], "body": [template.body, ""]}
        record(workshop=workshop, actor=actor, action="email_template.reset", subject=template, changes=own)
        template.delete()
