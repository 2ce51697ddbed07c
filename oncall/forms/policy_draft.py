"""What stands in a policy's form, as it was typed: so that adding, removing and moving a step loses nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = ("name", "slug", "each_seat", "repeat", "ack_timeout")
ACT = re.compile(r"(add-step|remove-step|up|down|add-target|remove-target)(?::(\d{1,2}))?(?::(\d{1,2}))?")
SIZE = re.compile(r"\b[0-9]{1,2}\b")
MOST = 20  # of steps, and of those whom one step reaches


@dataclass
class TargetDraft:
    whom: str = ""
    side: str = ""


@dataclass
class StepDraft:
    delay: str = "5"
    targets: list[TargetDraft] = field(default_factory=lambda: [TargetDraft()])


@dataclass
class Draft:
    """The fields of the policy and its steps."""

    fields: dict[str, str]
    steps: list[StepDraft] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """How many targets each step has, as the form carries it: `2,1`."""
        return ",".join(str(len(step.targets)) for step in self.steps)

    def data(self) -> dict[str, str]:
        """As a form posts it."""
        found = dict(self.fields)
        for index, step in enumerate(self.steps):
            found[f"step-{index}-delay"] = step.delay
            for number, target in enumerate(step.targets):
                found[f"step-{index}-{number}-whom"] = target.whom
                found[f"step-{index}-{number}-side"] = target.side
        return found

    def act(self, text: str) -> tuple[int, int] | None:
        """Do what a button says (`add-step`, `up:1`, `remove-target:0:2`): which target to put the cursor in, if any.

        What does not fit the draft does nothing.
        """
        if not (read := ACT.fullmatch(text)):
            return None
        do, step, target = read[1], int(read[2] or 0), int(read[3] or 0)
        if do == "add-step":
            if len(self.steps) < MOST:
                self.steps.append(StepDraft())
            return len(self.steps) - 1, 0
        if step < len(self.steps):
            return self._act_on(do, step, target)
        return None

    def _act_on(self, do: str, step: int, target: int) -> tuple[int, int] | None:
        targets = self.steps[step].targets
        match do:
            case "remove-step":
                del self.steps[step]
            case "up" | "down":
                self._move(step, step - 1 if do == "up" else step + 1)
            case "add-target":
                if len(targets) < MOST:
                    targets.append(TargetDraft())
                return step, len(targets) - 1
            case "remove-target" if target < len(targets):
                del targets[target]
        return None

    def _move(self, step: int, to: int) -> None:
        if 0 <= to < len(self.steps):
            self.steps.insert(to, self.steps.pop(step))


def read_draft(posted: Mapping[str, str]) -> Draft:
    """A draft from what a form posted."""
    sizes = [min(int(size), MOST) for size in SIZE.findall(posted.get("shape", ""))[:MOST]]
    steps = [
        StepDraft(
            posted.get(f"step-{index}-delay", ""),
            [
                TargetDraft(
                    posted.get(f"step-{index}-{number}-whom", ""), posted.get(f"step-{index}-{number}-side", "")
                )
                for number in range(size)
            ],
        )
        for index, size in enumerate(sizes)
    ]
    return Draft({name: posted.get(name, "") for name in FIELDS}, steps)
