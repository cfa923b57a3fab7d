"""The acts of the trail in words. An act without words shows its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "access.changed": _("Access changed"),
    "account.second_factor_added": _("Second factor added"),
    "account.second_factor_removed": _("Second factor removed"),
    "account.recovery_codes_renewed": _("Recovery codes renewed"),
    "account.password_changed": _("Password changed"),
    "account.signed_in": _("New device signed in"),
    "audit.exported": _("History exported"),
    "audit.expired": _("Old history removed"),
    "credit.applied": _("Service credit put on the next invoice"),
    "customer.created": _("Customer created"),
    "customer.updated": _("Customer changed"),
    "customer.deleted": _("Customer deleted"),
    "customer.merged": _("Customers merged"),
    "customer.erased": _("Customer's data erased"),
    "customer.data_exported": _("Customer's data given to them"),
    "customer.interaction_added": _("Note added to a customer"),
    "customer.exported": _("Customers exported"),
    "customer.invitations_sent": _("Customers invited to their space"),
    "customer.imported": _("Customers imported"),
    "document.signed": _("Document signed"),
    "email_template.saved": _("Message reworded"),
    "email_template.reset": _("Message put back to its first words"),
    "invitation.sent": _("Invitation sent"),
    "invitation.resent": _("Invitation sent again"),
    "invitation.cancelled": _("Invitation cancelled"),
    "invitation.accepted": _("Invitation accepted"),
    "mailbox.connected": _("Mailbox connected"),
    "mailbox.disconnected": _("Mailbox disconnected"),
    "member.updated": _("Member changed"),
    "member.deactivated": _("Member deactivated"),
    "member.reactivated": _("Member reactivated"),
    "numbering.format_changed": _("Number format changed"),
    "part.recorded": _("Part recorded"),
    "powder.created": _("Powder added"),
    "powder.updated": _("Powder changed"),
    "powder.deleted": _("Powder deleted"),
    "powder.archived": _("Powder archived"),
    "powder.restored": _("Powder put back in use"),
    "powder.imported": _("Powders imported"),
    "powder.price_changed": _("Powder price changed"),
    "powder_format.created": _("Packaging added"),
    "powder_format.updated": _("Packaging changed"),
    "powder_format.deleted": _("Packaging removed"),
    "project.opened": _("Project opened"),
    "project.edited": _("Project changed"),
    "project.moved": _("Project status changed"),
    "project.delivered": _("Project delivered"),
    "project.cancelled": _("Project cancelled"),
    "project.ready_mailed": _("Customer told that the project is ready"),
    "quote.created": _("Quote created"),
    "quote.updated": _("Quote changed"),
    "quote.deleted": _("Draft deleted"),
    "quote.duplicated": _("Quote copied"),
    "quote.versioned": _("New version of the quote"),
    "quote.sent": _("Quote sent"),
    "quote.resent": _("Quote sent again"),
    "quote.opened": _("Quote opened by the customer"),
    "quote.signed": _("Quote signed"),
    "quote.refused": _("Quote refused"),
    "quote.withdrawn": _("Withdrawal by the customer"),
    "quota.changed": _("Quota changed by the publisher"),
    "settings.prices": _("Prices and quotes changed"),
    "settings.identity": _("Workshop identity changed"),
    "settings.address": _("Workshop address changed"),
    "settings.logo": _("Logo changed"),
    "settings.modules": _("Modules changed"),
    "settings.duplicates": _("Duplicate criteria changed"),
    "step.validated": _("Step validated"),
    "step.undone": _("Step undone"),
    "subscription.asked": _("Change of subscription asked"),
    "subscription.changed": _("Subscription changed"),
    "subscription.given": _("Plan given by the publisher"),
    "subscription.withdrawn": _("Given plan withdrawn"),
    "subscription.read_again": _("Subscription compared with the payment service"),
    "set_up.noted": _("Publisher's set-up checklist noted"),
    "support.opened": _("Support signed in as a member"),
    "support.writes": _("Support allowed to write"),
    "support.ended": _("Support left"),
    "trial.started": _("Free trial started"),
    "trial.extended": _("Free trial extended by the publisher"),
    "trial.plan_chosen": _("Plan thought of"),
    "workflow.saved": _("Workflow saved"),
    "workflow.archived": _("Workflow archived"),
    "workshop.opened": _("Workshop opened"),
    "vat.checked": _("VAT number checked"),
    "workshop.set_up": _("First setting-up finished"),
}

#: Kinds of data, by the name of their model.
KINDS: dict[str, str | Promise] = {
    "auditentry": _("History"),
    "customer": _("Customer"),
    "customerexport": _("Customer export"),
    "customerimport": _("Customer import"),
    "customersettings": _("Duplicate criteria"),
    "emailtemplate": _("Message"),
    "invitation": _("Invitation"),
    "mailbox": _("Mailbox"),
    "membership": _("Member"),
    "numberformat": _("Number format"),
    "part": _("Part"),
    "powder": _("Powder"),
    "powderformat": _("Packaging"),
    "powderimport": _("Powder import"),
    "project": _("Project"),
    "step": _("Project step"),
    "quote": _("Quote"),
    "quotesettings": _("Prices and quotes"),
    "signature": _("Signature"),
    "trial": _("Free trial"),
    "workflow": _("Workflow"),
    "workshop": _("Workshop"),
}

#: Fields whose values the entries keep.
FIELDS: dict[str, str | Promise] = {
    "accent": _("Accent colour"),
    "capital": _("Capital"),
    "city": _("City"),
    "company": _("Company"),
    "customer": _("Customer"),
    "declaration": _("Declaration"),
    "department": _("Team or department"),
    "dimension": _("Quota"),
    "early_start": _("Work asked for at once"),
    "email": _("E-mail"),
    "ends_at": _("End"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "limit": _("Limit"),
    "logo": _("Logo"),
    "manager": _("Manager"),
    "modules_off": _("Modules left out"),
    "name": _("Name"),
    "phone": _("Telephone"),
    "plan": _("Plan"),
    "postcode": _("Postcode"),
    "project": _("Project"),
    "promised_on": _("Promised on"),
    "quantity": _("Quantity"),
    "quote": _("Quote"),
    "reason": _("Reason"),
    "removed": _("Entries removed"),
    "roles": _("Roles"),
    "slug": _("Address"),
    "starts_on": _("Start date"),
    "status": _("Status"),
    "steps": _("Steps"),
    "street": _("Street"),
    "title": _("Title"),
    "vat_number": _("VAT number"),
}

ORIGINS: dict[str, str | Promise] = {
    "screen": _("Screen"),
    "portal": _("Customer's space"),
    "job": _("Automatic rule"),
    "command": _("Command"),
    "publisher": _("Publisher"),
}


def label_of(action: str) -> str:
    """The act in words, or its code."""
    return str(LABELS.get(action, action))


def kind_label(kind: str) -> str:
    """The kind of data in words, or its code."""
    return str(KINDS.get(kind, kind))


def field_label(name: str) -> str:
    """A field in words, or its code."""
    return str(FIELDS.get(name, name))


def origin_label(origin: str) -> str:
    """Where the act came from, in words, or its code."""
    return str(ORIGINS.get(origin, origin))
