"""Projects: the work (parts, steps, workflows) and its photos."""

from .photos import Photo, PhotoConsent, PhotoPurge, PhotoSettings, PhotoVersion
from .work import LabelPrint, Part, Project, Step, Workflow, WorkflowStep

__all__ = [
    "LabelPrint",
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
