"""All forms of one policy together: what holds of the whole, its steps, and whom each reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from notifications.errors import Conflict, InvalidInput
from notifications.refusals import explain
from oncall.forms.policies import PolicyForm, StepForm, TargetForm
from oncall.forms.policy_draft import Draft, StepDraft, TargetDraft
from oncall.models import Policy, Target
from oncall.target_words import TargetWords, known_words, words_of

OF_STEP = re.compile(r"steps\[(\d+)\](?:\.targets\[(\d+)\])?")
BLANK = Draft(
    {"each_seat": "each", "repeat": "2"}, [StepDraft("5", [TargetDraft("Dev on call"), TargetDraft("Ops on call")])]
)


@dataclass
class StepEditor:
    """One step's form, and those of whom it reaches."""

    form: StepForm
    targets: list[TargetForm]

    def each(self) -> list[forms.Form]:
        return [self.form, *self.targets]

    def filled(self) -> list[TargetForm]:
        """Those that are not left empty."""
        return [target for target in self.targets if target.cleaned_data.get("target")]


class PolicyEditor:
    """All forms of one policy. `check`: complain of what is wrong; otherwise they only show the draft, with the
    cursor in the target that `cursor` names."""

    def __init__(
        self, draft: Draft, words: TargetWords, *, check: bool = False, cursor: tuple[int, int] | None = None
    ) -> None:
        self.draft = draft
        values = draft.data()

        def filled(kind: Any, prefix: str | None, *first: Any) -> Any:
            mark = f"{prefix}-" if prefix else ""
            initial = {name.removeprefix(mark): value for name, value in values.items() if name.startswith(mark)}
            return kind(*first, values if check else None, initial=initial, prefix=prefix)

        self.form: PolicyForm = filled(PolicyForm, None)
        self.steps = [
            StepEditor(
                filled(StepForm, f"step-{index}"),
                [filled(TargetForm, f"step-{index}-{number}", words) for number in range(len(step.targets))],
            )
            for index, step in enumerate(draft.steps)
        ]
        if cursor:
            step, target = cursor
            self.steps[step].targets[target].fields["whom"].widget.attrs["autofocus"] = True

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.each()]
        return all(valid)

    def given(self) -> dict[str, Any]:
        """What was filled in, as `save_policy` takes it."""
        steps = [
            {
                "delay": step.form.cleaned_data["delay"],
                "targets": [target.cleaned_data["target"] for target in step.filled()],
            }
            for step in self.steps
        ]
        fields = self.form.cleaned_data
        return fields | {"each_seat": fields["each_seat"] == "each", "steps": steps}

    def explain(self, refusal: InvalidInput | Conflict) -> None:
        """Put the service's sentences where they belong."""
        if isinstance(refusal, Conflict):
            explain(self.form, refusal)
            return
        for path, sentences in refusal.errors.items():
            form, name = self._place(path)
            for sentence in sentences:
                form.add_error(name, sentence)

    def complaints(self) -> Iterator[tuple[str, str, str]]:
        """Everything that is wrong: the id of the field, its label, a sentence."""
        for form in self.each():
            for name, sentences in form.errors.items():
                place, label = self._named(form, name) if name in form.fields else ("", "")
                yield from ((place, label, str(sentence)) for sentence in sentences)

    def each(self) -> list[forms.Form]:
        return [self.form, *(form for step in self.steps for form in step.each())]

    def _named(self, form: forms.Form, name: str) -> tuple[str, str]:
        """The id of a field, and what it is called beyond its own step."""
        label = str(form[name].label)
        step = next((number for number, step in enumerate(self.steps, 1) if form in step.each()), None)
        return form[name].id_for_label, f"Step {step}, {label.lower()}" if step else label

    def _place(self, path: str) -> tuple[forms.Form, str | None]:
        if not (found := OF_STEP.match(path)) or int(found[1]) >= len(self.steps):
            return self.form, path if path in self.form.fields else None
        step = self.steps[int(found[1])]
        if found[2]:
            return step.filled()[int(found[2])], "whom"
        return (step.targets[0], "whom") if path.endswith(".targets") and step.targets else (step.form, "delay")


def draft_of(policy: Policy, words: TargetWords) -> Draft:
    """A stored policy as its form shows it."""
    steps = [
        StepDraft(
            str(round(step.delay.total_seconds() / 60)),
            [
                TargetDraft(words_of(target, words), "" if target.kind == Target.Kind.SEAT else target.seat)
                for target in step.targets.all()
            ],
        )
        for step in policy.steps.all()
    ]
    holds = policy.ack_timeout
    return Draft(
        {
            "name": policy.name,
            "slug": policy.slug,
            "each_seat": "each" if policy.each_seat else "one",
            "repeat": str(policy.repeat),
            "ack_timeout": str(round(holds.total_seconds() / 60)) if holds else "",
        },
        steps,
    )


def words_for(policy: Policy | None) -> TargetWords:
    """The words that may be written in this policy's form."""
    targets = [target for step in policy.steps.all() for target in step.targets.all()] if policy else []
    return known_words(targets)
