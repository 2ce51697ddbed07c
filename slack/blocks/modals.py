"""Modal views. Block ids are the form's field names, so that errors go back to their field."""

from collections.abc import Mapping, Sequence
from typing import Any

from incidents.severity import SEVERITIES

from .text import MOST_OPTIONS, VIEW_TITLE, Block, option, plain, shorten

SEVERITY_WORDS = {key: f"{key.upper()}: {one.meaning.rstrip('.')}" for key, one in SEVERITIES.items()}
LONGEST_TITLE, LONGEST_SUMMARY = 200, 3000


def declaration(
    *,
    services: Sequence[tuple[str, str]],
    title: str = "",
    severity: str = "sev3",
    private_metadata: str = "",
) -> Block:
    """The form that declares an incident; `services` are (name, slug), the first hundred are offered.

    Fields: `title`, `severity`, `services`, `summary`, `private`; each field's action id is `value`.
    """
    levels = [option(words, name) for name, words in SEVERITY_WORDS.items()]
    chosen = next((level for level in levels if level["value"] == severity), levels[2])
    offered = [option(name, slug) for name, slug in services[:MOST_OPTIONS]]
    return modal(
        "Declare an incident",
        "incident.declare",
        "Declare",
        [
            field(
                "title",
                "What is wrong?",
                text_input(LONGEST_TITLE, title, placeholder="Checkout returns errors"),
            ),
            field(
                "severity",
                "How bad is it?",
                {"type": "static_select", "options": levels, "initial_option": chosen},
            ),
            *(
                [
                    field(
                        "services",
                        "Services",
                        {
                            "type": "multi_static_select",
                            "options": offered,
                            "placeholder": plain("Which are affected", 150),
                        },
                        optional=True,
                    )
                ]
                if offered
                else []
            ),
            field("summary", "Summary", text_input(LONGEST_SUMMARY, multiline=True), optional=True),
            field(
                "private",
                "Who may see it",
                {
                    "type": "checkboxes",
                    "options": [option("Private: only people who are invited", "private")],
                },
                optional=True,
            ),
        ],
        private_metadata=private_metadata,
    )


def words_form(
    *,
    title: str,
    callback_id: str,
    label: str,
    initial: str = "",
    submit: str = "Save",
    private_metadata: str = "",
) -> Block:
    """A form of one text (field `text`): an update, a note, a task."""
    return modal(
        title,
        callback_id,
        submit,
        [field("text", label, text_input(3000, initial, multiline=True))],
        private_metadata=private_metadata,
    )


def modal(title: str, callback_id: str, submit: str, blocks: list[Block], *, private_metadata: str = "") -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, VIEW_TITLE),
        "submit": plain(submit, VIEW_TITLE),
        "close": plain("Cancel", VIEW_TITLE),
        "blocks": blocks,
        "private_metadata": private_metadata,
    }


def field(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "optional": optional,
        "element": {**element, "action_id": "value"},
    }


def text_input(longest: int, initial: str = "", *, multiline: bool = False, placeholder: str = "") -> Block:
    made: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": longest}
    if initial:
        made["initial_value"] = shorten(initial, longest)
    return {**made, **({"placeholder": plain(placeholder, 150)} if placeholder else {})}


def submitted(state: Mapping[str, Any]) -> dict[str, str | list[str] | None]:
    """A view's `state` as plain values by field: a text, an option's value, or a list of values."""
    return {name: _value(next(iter(elements.values()))) for name, elements in state["values"].items() if elements}


def _value(element: Mapping[str, Any]) -> str | list[str] | None:
    if "selected_options" in element:
        return [str(chosen["value"]) for chosen in element["selected_options"]]
    if "selected_option" in element:
        chosen = element["selected_option"]
        return str(chosen["value"]) if chosen else None
    value = element.get("value") or element.get("selected_user")
    return str(value) if value is not None else None
