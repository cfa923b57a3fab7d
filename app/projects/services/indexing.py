"""The words by which a project is found: its number, its subject, its customer."""

from collections.abc import Collection

from app.search.selectors import place_in_time
from app.search.services import index, reindex_many

from ..models import Project
from ..selectors import SEARCH_KIND


def index_project(project: Project) -> None:
    """Keep the words of one project; call it in the transaction that changes them."""
    place = place_in_time(project.created_at)
    index(
        workshop_id=project.workshop_id, kind=SEARCH_KIND, object_pk=project.pk, texts=_texts(project), sort_key=place
    )


def index_projects_of(customer_pks: Collection[int]) -> None:
    """Write anew the words of every project of these customers of the workshop in scope."""
    projects = Project.objects.filter(customer_id__in=customer_pks).select_related("customer")
    reindex_many(
        kind=SEARCH_KIND,
        texts_of={project.pk: _texts(project) for project in projects},
        sort_keys={project.pk: place_in_time(project.created_at) for project in projects},
    )


def _texts(project: Project) -> list[str]:
    return [project.number, project.title, str(project.customer)]
