"""Parsing of the workflow editor: the head, then one small form a step, in the order of the page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .models import Workflow
from .selectors import list_workflow_steps, list_workflows
from .services.workflows import MOST_STEPS, StepData, data_of

STEP_NAME_LONGEST = 60
CHECK_LONGEST = 120
MOST_CHECKS = 30
#: Stands for the key of a row in the row that the page copies when a step is added.
BLANK_KEY = "nouvelle"


class WorkflowForm(forms.ModelForm):
    """The name of a workflow, and whether new projects take it."""

    class Meta:
        model = Workflow
        fields = ["name", "is_default"]
        labels = {"is_default": _("Workflow of new projects")}


class WorkflowStepForm(forms.Form):
    """A row of the editor."""

    name = forms.CharField(label=_("Name of the step"), max_length=STEP_NAME_LONGEST)
    checklist = forms.CharField(
        label=_("Checks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line; each is answered before the step is validated."),
    )
    needs_photo = forms.BooleanField(label=_("A photo is required"), required=False)
    failure_blocks = forms.BooleanField(label=_("A failed check holds the project back"), required=False)
    lays_powder = forms.BooleanField(
        label=_("The powder is laid at this step: batches take the parts from here"), required=False
    )
    is_rework = forms.BooleanField(label=_("Rework step: done only when a non-conformity asks for it"), required=False)

    def clean_checklist(self) -> list[str]:
        """The checks, one a line; an error when one is too long or when there are too many."""
        items = [" ".join(line.split()) for line in self.cleaned_data["checklist"].splitlines()]
        items = [item for item in items if item]
        if len(items) > MOST_CHECKS or any(len(item) > CHECK_LONGEST for item in items):
            message = _("At most %(most)s checks of %(longest)s characters each.")
            raise forms.ValidationError(message, params={"most": MOST_CHECKS, "longest": CHECK_LONGEST})
        return items

    def data_of_step(self) -> StepData:
        """The step, once `is_valid()` said so."""
        data = self.cleaned_data
        return StepData(
            " ".join(data["name"].split()), tuple(data["checklist"]), data["needs_photo"], data["failure_blocks"],
            data["is_rework"], data["lays_powder"],
        )  # fmt: skip


def posted_rows(posted: QueryDict) -> list[WorkflowStepForm]:
    """The rows that were sent, in the order of the page; one more than allowed at most, which the rule refuses."""
    return [WorkflowStepForm(posted, prefix=key) for key in posted.getlist("etape")[: MOST_STEPS + 1]]


def held_rows(steps: Sequence[StepData]) -> list[WorkflowStepForm]:
    """The rows of the steps that exist; an empty one for a workflow to write."""
    return [_row(step, f"e{number}") for number, step in enumerate(steps or [StepData("")], start=1)]


def blank_row() -> WorkflowStepForm:
    """The row that the page copies."""
    return _row(StepData(""), BLANK_KEY)


def steps_of(workflow: Workflow | None) -> list[StepData]:
    """The steps of a workflow as the editor holds them."""
    if workflow is None:
        return []
    return [data_of(step) for step in list_workflow_steps(workflow)]


def _row(step: StepData, key: str) -> WorkflowStepForm:
    initial: dict[str, Any] = {
        "name": step.name, "checklist": "\n".join(step.checklist), "needs_photo": step.needs_photo,
        "failure_blocks": step.failure_blocks, "is_rework": step.is_rework, "lays_powder": step.lays_powder,
    }  # fmt: skip
    return WorkflowStepForm(prefix=key, initial=initial)


class RouteForm(forms.Form):
    """Which workflow a running project moves to."""

    gamme: "forms.ModelChoiceField[Workflow]" = forms.ModelChoiceField(label=_("Workflow"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gamme"].queryset = list_workflows()  # type: ignore[attr-defined]
