// "You have words that were not saved": said above the section, with the words, and put back into its field if asked.

import * as drafts from "./drafts.js";

const when = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: document.documentElement.dataset.zone || undefined });

function made(tag, properties, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

// Say it in every section that has such words. `editorOf` gives a section's editor where it is being written.
export function offerAll(editorOf) {
  for (const [key, kept] of drafts.found()) {
    const text = document.querySelector(`#w-${CSS.escape(key)} .pm__text`), editor = editorOf(key);
    if (!text || editor?.unsaved || editor?.value === kept.value || text.querySelector(".pm-words")) continue;
    text.prepend(offer(key, kept, editor));
  }
}

function offer(key, kept, editor) {
  const edit = document.querySelector(`#acts-${CSS.escape(key)} [hx-get]`);
  const note = made("div", { className: "pm-words", role: "status" });
  const back = made("button", { type: "button", className: "button button--small", textContent: "Put them back" });
  const away = made("button", { type: "button", className: "button button--small button--plain", textContent: "Throw them away" });
  back.addEventListener("click", () => {
    note.remove();
    if (editor) editor.putBack(kept);
    else edit.click(); // the field opens, and offers them again
  });
  away.addEventListener("click", () => { drafts.discard(drafts.nameOf(key)); note.remove(); });
  note.append(
    made("p", {}, made("strong", { textContent: "You have words that were not saved" }), ` from ${when.format(kept.at)}.`),
    made("details", {}, made("summary", { textContent: "Show them" }), made("div", { className: "pm-conflict__text", textContent: kept.value })),
    made("div", { className: "actions" }, ...(editor || edit ? [back] : []), away),
  );
  return note;
}
