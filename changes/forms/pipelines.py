"""What is said of a pipeline."""

from __future__ import annotations

from typing import Any

from django import forms

from changes.models import Pipeline
from notifications import durations
from notifications.forms import Length
from oncall.models import Service


class PipelineForm(forms.Form):
    """Fields as `changes.red.configure` takes them."""

    red_limit = Length(label="May be red for", help_text="Such as 1 h. Its Dev team is told when it is red for longer.")
    branch = forms.CharField(
        required=False,
        max_length=200,
        label="Branch that counts",
        help_text="<code>*</code> is every branch; empty: main or master.",
    )
    service = forms.ModelChoiceField(
        Service.objects.all(),
        required=False,
        to_field_name="slug",
        empty_label="None",
        help_text="Its Dev team is told.",
    )

    @staticmethod
    def initial_of(pipeline: Pipeline) -> dict[str, Any]:
        return {
            "red_limit": durations.written(pipeline.red_limit),
            "branch": pipeline.branch,
            "service": pipeline.service and pipeline.service.slug,
        }
