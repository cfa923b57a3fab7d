"""What a change of the catalogue still owes, asked for again."""

from app.billing.constants import NoticeState
from app.billing.services.notices import retry_notice

from ..selectors.catalogue import list_notices_of


def retry_failed_notices(*, change_pk: int) -> int:
    """Ask again for each failed notice of a change; how many."""
    failed = [notice for notice in list_notices_of(change_pk) if notice.state == NoticeState.FAILED]
    for notice in failed:
        retry_notice(workshop_id=notice.workshop_id, notice_pk=notice.pk)
    return len(failed)
