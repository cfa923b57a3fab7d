"""Projects: the work (parts, steps, workflows, quality), its changes, its labels and its photos."""

from .changes import WorkChange
from .labels import LabelPrint
from .photos import CustomerReport, Photo, PhotoConsent, PhotoPurge, PhotoSettings, PhotoVersion
from .work import Nonconformity, Part, Project, QualityTerm, ReworkStep, Step, Workflow, WorkflowStep

__all__ = [
    "CustomerReport",
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
    "WorkChange",
    "Workflow",
    "WorkflowStep",
]
