"""What a person filled into a view, in the shape of Slack's `view.state.values`."""

from typing import Any

from .errors import Json

PICKED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}
PICKED_MANY = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}


def state(view: Json, values: Json) -> tuple[Json, dict[str, str]]:
    """`values` by block id as state, and the errors Slack itself shows before it asks the app.

    A value is a text, an option's value, or a list of them; what is left out keeps its initial value.
    """
    kept: Json = {}
    errors = {}
    for block in view["blocks"]:
        for element in _elements(block):
            value = values.get(block["block_id"], _initial(element))
            kept.setdefault(block["block_id"], {})[element["action_id"]] = element_state(element, value)
            problem = _problem(block, element, value) if block["type"] == "input" else None
            if problem:
                errors[block["block_id"]] = problem
    return kept, errors


def _elements(block: Json) -> list[Json]:
    found = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
    return [element for element in found if element and "action_id" in element and element["type"] != "button"]


def _initial(element: Json) -> Any:
    if "initial_options" in element:
        return [option["value"] for option in element["initial_options"]]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    keys = ("value", "user", "users", "channel", "channels", "conversation", "date", "time", "date_time")
    return next((element[f"initial_{key}"] for key in keys if f"initial_{key}" in element), None)


def element_state(element: Json, value: Any) -> Json:
    """One element's state. Raises ValueError for an option the element does not have."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value or None}
    if kind in {"static_select", "radio_buttons", "overflow", "external_select"}:
        return {"type": kind, "selected_option": option(element, value) if value else None}
    if kind in {"multi_static_select", "checkboxes", "multi_external_select"}:
        return {"type": kind, "selected_options": [option(element, item) for item in value or []]}
    if kind in PICKED_MANY:
        return {"type": kind, PICKED_MANY[kind]: list(value or [])}
    return {"type": kind, PICKED[kind]: value or None}


def option(element: Json, value: str) -> Json:
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    for known in element["options"]:
        if known["value"] == value:
            return dict(known)
    known_values = ", ".join(known["value"] for known in element["options"])
    raise ValueError(f"{value!r} is not an option of {element['action_id']}: {known_values}")


def _problem(block: Json, element: Json, value: Any) -> str | None:
    if not value:
        return None if block.get("optional") else "Please complete this required field."
    if element["type"] != "plain_text_input":
        return None
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"At least {least} characters, please."
    return f"At most {most} characters, please." if len(value) > most else None
