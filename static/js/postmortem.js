// Writing a post-mortem. Without this the Save button does it all; with it: sections save by themselves and take in what
// others write, lost words are offered back, one sees who else is here, and the coach underlines in the field.

import * as drafts from "./writing/drafts.js";
import { Editor } from "./writing/editor.js";
import { offerAll } from "./writing/offers.js";
import { follow } from "./writing/standing.js";

const editors = new Map();
const editorOf = (key) => editors.get(key);
const writingIn = () => document.activeElement?.closest("[data-writing]")?.dataset.writing ?? [...editors.keys()].at(-1) ?? "";

// Editors for the fields that are there now.
function look() {
  for (const [key, editor] of editors) if (!editor.area.isConnected) editors.delete(key);
  for (const form of document.querySelectorAll("form[data-writing]")) {
    if (!editors.has(form.dataset.writing)) editors.set(form.dataset.writing, new Editor(form));
  }
  offerAll(editorOf);
}
look();
const standing = follow({ writingIn, editorOf });
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const before = writingIn();
  look();
  standing?.showWho();
  if (before !== writingIn() || target.querySelector?.("[data-writing]")) standing?.beat();
});

// Save, and Close: once everything is saved, the section as one reads it.
async function done(form) {
  const editor = editorOf(form.dataset.writing);
  if (!(await editor.finish())) return;
  await window.htmx.ajax("GET", form.getAttribute("action"), { target: `#w-${form.dataset.writing}`, swap: "outerHTML" });
  standing?.beat();
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-writing]")) return;
  event.preventDefault();
  done(event.target);
});
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (close) { event.preventDefault(); done(close.closest("form")); }
  const choice = event.target.closest("[data-settle]");
  if (choice) editorOf(choice.closest("form").dataset.writing).settle(choice.dataset.settle);
});
// Ctrl+Enter (or ⌘ Enter) saves and leaves the field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-writing]");
  if (form) { event.preventDefault(); done(form); }
});

// Whoever leaves loses nothing: what is unsaved is sent at once, and kept in this browser until the answer is here.
function sendAll() {
  for (const editor of editors.values()) {
    if (!editor.unsaved || !editor.area.isConnected) continue;
    drafts.keepNow(editor.draft, editor);
    editor.send();
  }
}
document.addEventListener("visibilitychange", sendAll);
window.addEventListener("pagehide", sendAll);
window.addEventListener("beforeunload", (event) => {
  sendAll();
  if ([...editors.values()].some((editor) => editor.area.isConnected && editor.unsaved)) event.preventDefault();
});

// The same text lies behind the field, unseen but for its underlines. Positions are UTF-16 units, as `slice` counts.
function underline(aside) {
  const area = document.getElementById(aside.dataset.coachFor);
  const ghost = area?.parentElement.querySelector(".pm__ghost");
  if (!ghost) return;
  const pieces = [];
  let position = 0;
  for (const note of aside.querySelectorAll(".note[data-start]")) {
    const start = Math.max(position, Number(note.dataset.start)), end = Number(note.dataset.end);
    if (end <= start || end > area.value.length) continue;
    const mark = document.createElement("mark");
    mark.className = "coach-mark";
    mark.textContent = area.value.slice(start, end);
    pieces.push(area.value.slice(position, start), mark);
    position = end;
  }
  ghost.replaceChildren(...pieces, area.value.slice(position), "\n");
}
const underlineAll = () => document.querySelectorAll("[data-coach-for]").forEach(underline);
document.addEventListener("htmx:afterSettle", underlineAll);
underlineAll();

document.addEventListener("click", ({ target }) => {
  const select = target.closest("[data-select]");
  if (select) {
    const note = select.closest(".note"), area = document.getElementById(select.dataset.select);
    area.focus();
    area.setSelectionRange(Number(note.dataset.start), Number(note.dataset.end));
  }
  if (target.closest("[data-print]")) window.print();
});
