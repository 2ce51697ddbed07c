"""The JSON definition of a schedule (contracts.md): read with every error named, written, previewed."""

from oncall.definition.parse import parse_definition
from oncall.definition.preview import preview, read_window
from oncall.definition.problems import InvalidDefinition
from oncall.definition.types import Definition
from oncall.definition.write import to_json

__all__ = ["Definition", "InvalidDefinition", "parse_definition", "preview", "read_window", "to_json"]
