"""What the publisher watches; these rows belong to no workshop."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The last run of one periodic job. `last_error` is the kind of the exception, never its message."""

    task = models.CharField(_("job"), max_length=200, unique=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("job run")

    def __str__(self) -> str:
        return self.task
