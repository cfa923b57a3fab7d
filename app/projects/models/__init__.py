"""Projects: the work (parts, steps, workflows) and its photos."""

from .photos import Photo, PhotoConsent, PhotoPurge, PhotoSettings, PhotoVersion
from .work import Part, Project, Step, Workflow, WorkflowStep

__all__ = [
    "Part",
    "Photo",
    "PhotoConsent",
    "PhotoPurge",
    "PhotoSettings",
    "PhotoVersion",
    "Project",
    "Step",
    "Workflow",
    "WorkflowStep",
]
