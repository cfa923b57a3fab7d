"""Projects: the work (parts, steps, workflows, quality), its labels and its photos."""

from .labels import LabelPrint
from .photos import Photo, PhotoConsent, PhotoPurge, PhotoSettings, PhotoVersion
from .work import Nonconformity, Part, Project, QualityTerm, ReworkStep, Step, Workflow, WorkflowStep

__all__ = [
    "LabelPrint",
    "Nonconformity",
    "Part",
    "Photo",
    "PhotoConsent",
    "PhotoPurge",
    "PhotoSettings",
    "PhotoVersion",
    "Project",
    "QualityTerm",
    "ReworkStep",
    "Step",
    "Workflow",
    "WorkflowStep",
]
