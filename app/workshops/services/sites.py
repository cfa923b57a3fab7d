"""The places where a workshop works. It starts with one, and sees no choice of place until it adds another."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop


def main_site(*, workshop: Workshop) -> Site:
    """The place where everything is unless somebody says otherwise; made the first time it is asked for."""
    site = Site.objects.filter(is_main=True).first()
    if site is None:
        Site.objects.bulk_create(
            [Site(workshop=workshop, name=workshop.city or workshop.name, is_main=True)], ignore_conflicts=True
        )
        site = Site.objects.get(is_main=True)
    return site


def save_site(*, workshop: Workshop, actor: Actor, name: str, site: Site | None = None) -> Site:
    """Add a site or rename one; a site put away comes back. RuleError when the name is empty or taken."""
    name = " ".join(name.split())
    if not name:
        raise RuleError(_("Write a name."), field="name")
    main_site(workshop=workshop)
    same = Site.objects.filter(name__iexact=name)
    twin = (same.exclude(pk=site.pk) if site else same).first()
    if twin and (site or twin.archived_at is None):
        raise _in_the_list(twin.name)
    with transaction.atomic():
        held = site or twin or Site(workshop=workshop)
        before = held.name
        held.name, held.archived_at = name, None
        try:
            with transaction.atomic():
                held.save()
        except IntegrityError as error:  # the same name, added at the same moment
            raise _in_the_list(name) from error
        record(workshop=workshop, actor=actor, action="site.saved", subject=held, changes={"name": [before, name]})
    return held


def archive_site(*, workshop: Workshop, actor: Actor, site: Site) -> None:
    """Take a site out of the choices; what was done there keeps it. RuleError for the main one."""
    if site.is_main:
        raise RuleError(_("The main site cannot be put away."))
    with transaction.atomic():
        if Site.objects.filter(pk=site.pk, archived_at=None).update(archived_at=timezone.now()):
            record(workshop=workshop, actor=actor, action="site.archived", subject=site)


def _in_the_list(name: str) -> RuleError:
    return RuleError(_("“%(name)s” is in the list already.") % {"name": name}, field="name")
