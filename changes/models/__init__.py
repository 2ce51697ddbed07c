"""Tables of this room: the ledger, the gate and what it decides by, code, pipelines."""

from changes.models.code import Commit, Push
from changes.models.gate import GateCheck, GateVerdict, ProtectionRule
from changes.models.ledger import Change, LedgerEntry, LedgerSeal, State
from changes.models.pipelines import Pipeline, PipelineRun
from changes.models.policy import ChangeTemplate, Freeze, Guard

__all__ = [
    "Change",
    "ChangeTemplate",
    "Commit",
    "Freeze",
    "GateCheck",
    "GateVerdict",
    "Guard",
    "LedgerEntry",
    "LedgerSeal",
    "Pipeline",
    "PipelineRun",
    "ProtectionRule",
    "Push",
    "State",
]
