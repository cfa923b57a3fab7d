"""The two roles of those who write the site, and the way of a page from one to the other.

A Rédacteur writes and submits; a Responsable éditorial approves, publishes, and keeps the shared parts. Made once: an
administrator may then change the groups and the workflow, which are never put back.
"""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

WRITER, CHIEF = "Rédacteur", "Responsable éditorial"
#: What each role may do with pages, with the pictures and documents, and besides.
PAGES = {WRITER: ("add", "change"), CHIEF: ("add", "change", "publish", "lock", "unlock", "bulk_delete")}
MEDIA = ("add_image", "choose_image", "add_document", "choose_document")
CHIEF_MEDIA = (*MEDIA, "change_image", "change_document")
CHIEF_MODELS = (
    ("cms", "publishersettings", ("change",)),
    ("cms", "faqset", ("add", "change", "delete")),
    ("cms", "call", ("add", "change", "delete")),
    ("marketing", "story", ("add", "change", "delete")),
    ("marketing", "storyproposal", ("view", "delete")),
    ("wagtailredirects", "redirect", ("add", "change", "delete")),
)
WORKFLOW, TASK = "Relecture", "Relecture par le responsable éditorial"
SUPPLIED_WORKFLOW = "Moderators approval"


def load() -> int:
    """Make what is missing of the two groups and of the workflow; no page is made."""
    _group(WRITER, MEDIA)
    made = _group(CHIEF, CHIEF_MEDIA)
    if made:
        _give_models(made)
    _workflow()
    return 0


def _group(name: str, media: tuple[str, ...]) -> Group | None:
    """The group if it was missing, with its rights on every page; None when it was already there."""
    group, is_new = Group.objects.get_or_create(name=name)
    if not is_new:
        return None
    root = Page.get_first_root_node()
    group.permissions.add(_permission("wagtailadmin", "access_admin"))
    for right in PAGES[name]:
        permission = _permission("wagtailcore", f"{right}_page")
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    pictures = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for codename in media:
        app = "wagtailimages" if codename.endswith("image") else "wagtaildocs"
        GroupCollectionPermission.objects.create(
            group=group, collection=pictures, permission=_permission(app, codename)
        )
    return group


def _give_models(group: Group) -> None:
    for app, model, rights in CHIEF_MODELS:
        group.permissions.add(*[_permission(app, f"{right}_{model}") for right in rights])
    group.permissions.add(_permission("simple_translation", "submit_translation"))


def _permission(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _workflow() -> None:
    """Every page goes by the Responsable éditorial, in the place of Wagtail's own moderators."""
    if Task.objects.filter(name=TASK).exists():
        return
    task = GroupApprovalTask.objects.create(name=TASK)
    task.groups.set(Group.objects.filter(name=CHIEF))
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    root = Page.get_first_root_node()
    WorkflowPage.objects.filter(page=root, workflow__name=SUPPLIED_WORKFLOW).delete()
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
