// Block Kit as DOM nodes. `act(element, value)` is called for what is pressed or chosen.

import { decode, element, mrkdwn } from "./mrkdwn.js";

export function text(object, names) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : element("div", { class: "body" }, decode(object.text));
}

export function blocks(list, names, act) {
  return list.map((block) => (RENDER[block.type] ?? unknown)(block, names, act));
}

const RENDER = {
  header: (block) => element("h2", { class: "bk-header" }, decode(block.text.text)),
  divider: () => element("hr", { class: "bk-divider" }),
  context: (block, names) => element("div", { class: "bk-context" }, ...block.elements.map((part) => part.type === "image" ? part.alt_text : text(part, names))),
  image: (block) => element("p", { class: "note" }, `Picture: ${block.alt_text}`),
  actions: (block, names, act) => element("div", { class: "bk-actions" }, ...block.elements.map((part) => interactive(part, act))),
  section: (block, names, act) => element("div", { class: "bk-section" },
    element("div", {}, block.text ? text(block.text, names) : null,
      block.fields ? element("div", { class: "bk-fields" }, ...block.fields.map((field) => text(field, names))) : null),
    block.accessory ? interactive(block.accessory, act) : null),
};

const unknown = (block) => element("p", { class: "note" }, `(${block.type})`);

function interactive(part, act) {
  const style = part.style === "primary" ? "primary" : part.style === "danger" ? "danger" : "";
  if (part.type === "button" && part.url) {
    return element("a", { class: `button-link ${style}`, href: part.url, target: "_blank", rel: "noopener noreferrer", onclick: () => act(part) }, decode(part.text.text));
  }
  if (part.type === "button") {
    return element("button", { type: "button", class: style, onclick: () => act(part) }, decode(part.text.text));
  }
  if (part.options) {
    const label = part.placeholder?.text ?? "Choose";
    const choices = part.options.map((option) => element("option", { value: option.value }, decode(option.text.text)));
    return element("select", { "aria-label": label, onchange: (event) => act(part, event.target.value) }, element("option", { value: "" }, label), ...choices);
  }
  return unknown(part);
}
