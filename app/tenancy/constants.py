"""States of memberships and invitations, and the slugs that no workshop may take."""

import re
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED_SLUGS = frozenset(
    {"www", "app", "status", "staging", "forms", "api", "admin", "mail", "aide", "help", "blog", "cms", "static",
     "media", "espace", "dev"}
)  # fmt: skip
INVITATION_LIFE = timedelta(days=7)


class MemberStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")


class LegalForm(models.TextChoices):
    SOLE_TRADER = "EI", _("Sole trader (EI)")
    EURL = "EURL", "EURL"
    SARL = "SARL", "SARL"
    SAS = "SAS", "SAS"
    SASU = "SASU", "SASU"
    SA = "SA", "SA"
    SCOP = "SCOP", "SCOP"
    ASSOCIATION = "ASSO", _("Association")
