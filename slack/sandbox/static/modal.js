// A modal view in the dialog: fields by block id, errors beside them, what was typed kept while it is open.

import { blocks } from "./blocks.js";
import { decode, element } from "./mrkdwn.js";

const dialog = document.getElementById("modal");
let shown = "";

export function showModal(view, names, post) {
  const key = view ? `${view.id} ${view.hash}` : "";
  if (key === shown) return;
  shown = key;
  if (!view) {
    dialog.close();
    return;
  }
  dialog.replaceChildren(form(view, names, post));
  if (!dialog.open) dialog.showModal();
  dialog.oncancel = (event) => {
    event.preventDefault();
    post("close", { view: view.id });
  };
}

function form(view, names, post) {
  const act = (part, value) => post("click_view", { view: view.id, action_id: part.action_id, value });
  const body = view.blocks.map((block) => (block.type === "input" ? field(block, names) : blocks([block], names, act)[0]));
  const failed = element("p", { class: "failed", role: "alert" });
  const made = element("form", { novalidate: "" },
    element("h2", { id: "modal-title" }, decode(view.title.text)), ...body, failed,
    element("footer", {},
      element("button", { type: "button", onclick: () => post("close", { view: view.id }) }, decode(view.close?.text ?? "Close")),
      view.submit ? element("button", { type: "submit", class: "primary" }, decode(view.submit.text)) : null));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.textContent = "";
    const answer = await post("submit", { view: view.id, values: values(view, made) });
    mark(made, answer.errors ?? {});
    if (answer.error) failed.textContent = `That did not arrive (${answer.error}). Try again.`;
  });
  return made;
}

function field(block, names) {
  const part = block.element;
  const id = `field-${block.block_id}`;
  const optional = block.optional ? element("span", { class: "note" }, " (optional)") : null;
  const many = ["checkboxes", "radio_buttons", "multi_static_select", "multi_users_select"].includes(part.type);
  const label = element(many ? "legend" : "label", many ? {} : { for: id }, decode(block.label.text), optional);
  return element(many ? "fieldset" : "div", { class: "field", "data-block": block.block_id }, label, control(part, id, block, names),
    block.hint ? element("p", { class: "note" }, decode(block.hint.text)) : null,
    element("p", { class: "error", id: `${id}-error` }));
}

function control(part, id, block, names) {
  const shared = { id, name: block.block_id, "aria-describedby": `${id}-error` };
  const options = part.options ?? (part.type.includes("users") ? names.people() : []);
  const initial = (part.initial_options ?? (part.initial_option ? [part.initial_option] : [])).map((option) => option.value);
  if (part.type === "plain_text_input") {
    const kept = { ...shared, maxlength: part.max_length, placeholder: part.placeholder?.text };
    if (!part.multiline) return element("input", { ...kept, value: part.initial_value ?? "" });
    return element("textarea", { ...kept, rows: 4 }, part.initial_value ?? "");
  }
  if (part.type === "static_select" || part.type === "users_select") {
    const first = initial.length ? [] : [element("option", { value: "" }, part.placeholder?.text ?? "Choose")];
    return element("select", shared, ...first, ...options.map((option) =>
      element("option", { value: option.value, selected: initial.includes(option.value) }, decode(option.text.text))));
  }
  if (part.options || part.type === "multi_users_select") {
    const type = part.type === "radio_buttons" ? "radio" : "checkbox";
    const box = part.type.startsWith("multi") ? "choices" : "";
    const scrolls = options.length > 6 ? { tabindex: 0, role: "group", "aria-label": decode(block.label.text) } : {};
    return element("div", { class: box, ...scrolls }, ...options.map((option) => element("label", { class: "choice" },
      element("input", { type, name: block.block_id, value: option.value, checked: initial.includes(option.value) }), decode(option.text.text))));
  }
  const kinds = { datepicker: "date", timepicker: "time" };
  return element("input", { ...shared, type: kinds[part.type] ?? "text", value: part.initial_date ?? part.initial_time ?? "" });
}

function values(view, made) {
  const found = {};
  const data = new FormData(made);
  for (const block of view.blocks.filter((each) => each.type === "input")) {
    const several = ["checkboxes"].includes(block.element.type) || block.element.type.startsWith("multi");
    found[block.block_id] = several ? data.getAll(block.block_id) : (data.get(block.block_id) ?? "");
  }
  return found;
}

function mark(made, errors) {
  let first = null;
  for (const field of made.querySelectorAll("[data-block]")) {
    const problem = errors[field.dataset.block] ?? "";
    const control = field.querySelector("input, textarea, select");
    field.querySelector(".error").textContent = problem;
    control?.setAttribute("aria-invalid", problem ? "true" : "false");
    if (problem) first ??= control;
  }
  first?.focus();
}
