"""Block Kit's limits, as Slack's reference states them: what is wrong with blocks or a view, in messages.

Pure. Each message ends with the JSON pointer of the place, as Slack's `response_metadata.messages` do.
"""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Problems = Iterator[str]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MENUS = {"static_select", "multi_static_select"}
PICKERS = {
    "users_select",
    "multi_users_select",
    "channels_select",
    "multi_channels_select",
    "conversations_select",
    "multi_conversations_select",
    "external_select",
    "multi_external_select",
}
CHOICES = {"radio_buttons", "checkboxes"}
DATES = {"datepicker", "timepicker", "datetimepicker"}
INPUTS = {"plain_text_input"} | MENUS | PICKERS | CHOICES | DATES
ACTIONS = {"button", "overflow"} | MENUS | PICKERS | CHOICES | DATES


def block_problems(blocks: Any) -> list[str]:
    """What Slack would refuse in the `blocks` of a message; empty when all is well."""
    return list(_blocks(blocks, MESSAGE_BLOCKS))


def view_problems(view: Any) -> list[str]:
    """What Slack would refuse in a modal or home view."""
    if not isinstance(view, dict):
        return [_say("must be an object", "/view")]
    return list(_view(view))


def _say(message: str, at: str) -> str:
    return f"[ERROR] {message} [json-pointer:{at}]"


def _view(view: Json) -> Problems:
    if view.get("type") not in {"modal", "home"}:
        yield _say("type must be modal or home", "/view/type")
    if view.get("type") == "modal":
        yield from _text(view.get("title"), 24, "/view/title", plain=True)
    for key in ("submit", "close"):
        if key in view:
            yield from _text(view[key], 24, f"/view/{key}", plain=True)
    yield from _short(view, "private_metadata", 3000, "/view")
    yield from _short(view, "callback_id", 255, "/view")
    blocks = view.get("blocks")
    yield from _blocks(blocks, VIEW_BLOCKS, "/view/blocks")
    inputs = [block for block in _objects(blocks) if block.get("type") == "input"]
    if inputs and "submit" not in view and view.get("type") == "modal":
        yield _say("submit is required when the blocks contain an input", "/view/submit")


def _objects(blocks: Any) -> list[Json]:
    return [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []


def _blocks(blocks: Any, most: int, at: str = "/blocks") -> Problems:
    if not isinstance(blocks, list):
        yield _say("must be an array", at)
        return
    if len(blocks) > most:
        yield _say(f"no more than {most} items allowed", at)
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        rule = RULES.get(block.get("type", "")) if isinstance(block, dict) else None
        if rule is None:
            yield _say("unsupported type of block", here)
            continue
        yield from _short(block, "block_id", 255, here)
        if block.get("block_id") in seen:
            yield _say("block_id must be unique", f"{here}/block_id")
        seen.add(block.get("block_id", f"#{index}"))
        yield from rule(block, here)


def _short(holder: Json, key: str, most: int, at: str) -> Problems:
    if key in holder and (not isinstance(holder[key], str) or len(holder[key]) > most):
        yield _say(f"must be a string of at most {most} characters", f"{at}/{key}")


def _text(value: Any, most: int, at: str, *, plain: bool = False) -> Problems:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        yield _say("must be a text object", at)
        return
    if value.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        yield _say("must be plain_text" if plain else "must be plain_text or mrkdwn", f"{at}/type")
    if not value["text"]:
        yield _say("must be more than 0 characters", f"{at}/text")
    if len(value["text"]) > most:
        yield _say(f"must be less than {most + 1} characters", f"{at}/text")


def _section(block: Json, at: str) -> Problems:
    if "text" not in block and not block.get("fields"):
        yield _say("a section needs text or fields", at)
    if "text" in block:
        yield from _text(block["text"], 3000, f"{at}/text")
    if len(block.get("fields", [])) > 10:
        yield _say("no more than 10 items allowed", f"{at}/fields")
    for index, value in enumerate(block.get("fields", [])):
        yield from _text(value, 2000, f"{at}/fields/{index}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory", ACTIONS | {"image"})


def _header(block: Json, at: str) -> Problems:
    yield from _text(block.get("text"), 150, f"{at}/text", plain=True)


def _context(block: Json, at: str) -> Problems:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield _say("between 1 and 10 items", f"{at}/elements")
    for index, element in enumerate(elements):
        if element.get("type") != "image":
            yield from _text(element, 3000, f"{at}/elements/{index}")


def _divider(block: Json, at: str) -> Problems:
    yield from ()


def _image(block: Json, at: str) -> Problems:
    yield from _short({"alt_text": None, **block}, "alt_text", 2000, at)


def _actions(block: Json, at: str) -> Problems:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield _say("between 1 and 25 items", f"{at}/elements")
    ids = [element.get("action_id") for element in elements if element.get("action_id")]
    if len(ids) != len(set(ids)):
        yield _say("action_id must be unique within the block", f"{at}/elements")
    for index, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{index}", ACTIONS)


def _input(block: Json, at: str) -> Problems:
    yield from _text(block.get("label"), 2000, f"{at}/label", plain=True)
    if "hint" in block:
        yield from _text(block["hint"], 2000, f"{at}/hint", plain=True)
    yield from _element(block.get("element"), f"{at}/element", INPUTS)


def _element(element: Any, at: str, allowed: set[str]) -> Problems:
    if not isinstance(element, dict) or element.get("type") not in allowed:
        yield _say("unsupported type of element", f"{at}/type")
        return
    yield from _short(element, "action_id", 255, at)
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, f"{at}/placeholder", plain=True)
    kind = element["type"]
    if kind == "button":
        yield from _button(element, at)
    elif kind in MENUS:
        yield from _options(element, at, 100)
    elif kind in CHOICES:
        yield from _options(element, at, 10)
    elif kind == "overflow":
        yield from _options(element, at, 5)
    elif kind == "plain_text_input":
        yield from _short(element, "initial_value", 3000, at)


def _button(button: Json, at: str) -> Problems:
    yield from _text(button.get("text"), 75, f"{at}/text", plain=True)
    yield from _short(button, "value", 2000, at)
    yield from _short(button, "url", 3000, at)
    if button.get("style", "primary") not in {"primary", "danger"}:
        yield _say("style must be primary or danger", f"{at}/style")


def _options(element: Json, at: str, most: int) -> Problems:
    options = element.get("options", [])
    if not 1 <= len(options) <= most:
        yield _say(f"between 1 and {most} items", f"{at}/options")
    for index, option in enumerate(options):
        yield from _text(option.get("text"), 75, f"{at}/options/{index}/text")
        yield from _short({"value": None, **option}, "value", 150, f"{at}/options/{index}")
    initial = element.get("initial_options", [])
    if "initial_option" in element:
        initial = [element["initial_option"]]
    if any(choice not in options for choice in initial):
        yield _say("initial options must be among the options", f"{at}/initial_options")


RULES: dict[str, Callable[[Json, str], Problems]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "divider": _divider,
    "image": _image,
    "actions": _actions,
    "input": _input,
}
