"""What each role sees when the day begins; every figure is counted from the rows, none without the right to it."""

from dataclasses import dataclass, field
from datetime import date

from app.projects.models import Project
from app.projects.selectors import count_running, list_queue
from app.quotes.models import Quote
from app.quotes.selectors import Awaiting, awaiting_signature, list_latest_quotes
from app.stock.selectors import count_low
from app.tenancy.permissions import Permission


@dataclass(frozen=True)
class Dashboard:
    """The blocks of the home page; None or empty where the member has no right."""

    awaiting: Awaiting | None = None
    projects: dict[str, int] | None = None
    queue: list[Project] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    low_stock: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet: the page then says where to start."""
        return not (self.queue or self.quotes)


def build_dashboard(permissions: frozenset[Permission], today: date) -> Dashboard:
    """The home page of a member with these rights."""
    sees_quotes = Permission.QUOTES_READ in permissions and Permission.PRICES_SEE in permissions
    sees_projects = Permission.PROJECTS_READ in permissions
    return Dashboard(
        awaiting=awaiting_signature(today) if sees_quotes else None,
        projects=count_running(today) if sees_projects else None,
        queue=list_queue() if sees_projects else [],
        quotes=list_latest_quotes() if sees_quotes else [],
        low_stock=count_low() if Permission.STOCK_READ in permissions else None,
    )
