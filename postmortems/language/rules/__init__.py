"""One module for each kind of rule. A rule yields hits in one sentence."""

from postmortems.language.rules.actions import WEAK_ACTION
from postmortems.language.rules.base import Hit, Rule
from postmortems.language.rules.blame import BLAME
from postmortems.language.rules.character import CHARACTER, HUMAN_ERROR
from postmortems.language.rules.counterfactual import COUNTERFACTUAL
from postmortems.language.rules.hindsight import HINDSIGHT, MINIMISING
from postmortems.language.rules.negative_verbs import NEGATIVE_VERBS
from postmortems.language.rules.normative import NORMATIVE
from postmortems.language.rules.questions import WHY_OR_WHO
from postmortems.language.rules.systems import MECHANISTIC, SINGLE_CAUSE

_EVERYWHERE = (
    NEGATIVE_VERBS,
    HUMAN_ERROR,
    CHARACTER,
    BLAME,
    NORMATIVE,
    HINDSIGHT,
    MINIMISING,
    SINGLE_CAUSE,
    MECHANISTIC,
)
PROSE_RULES: tuple[Rule, ...] = (*_EVERYWHERE, COUNTERFACTUAL, WHY_OR_WHO)
ACTION_RULES: tuple[Rule, ...] = (*_EVERYWHERE, WEAK_ACTION)  # "should" is how actions are worded

__all__ = ["ACTION_RULES", "PROSE_RULES", "Hit", "Rule"]
