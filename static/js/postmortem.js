// Writing a post-mortem. Without this the Save button does it all; with it: what is not saved yet is said, a lost
// connection is tried again, leaving asks first, and the coach's notes underline their words in the field.

const fieldOf = (el) => el?.closest?.("[data-writing]")?.querySelector("textarea[name=body]");
const stateOf = (area) => document.querySelector(`#saved-${CSS.escape(area.id.replace("body-", ""))} .pm__saved`);
const unsaved = new Set();

function say(area, text) {
  const state = stateOf(area);
  if (state) state.textContent = text;
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-writing] textarea[name=body]")) return;
  unsaved.add(target);
  say(target, "Not saved yet …");
  target.parentElement.querySelector(".pm__ghost")?.replaceChildren(); // positions are of the text as it was
});

document.addEventListener("htmx:beforeRequest", ({ detail, target }) => {
  const area = fieldOf(target);
  if (!area || detail.requestConfig.verb !== "post" || detail.requestConfig.path.includes("/notes/")) return;
  area.dataset.sent = area.value;
});
document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  const area = fieldOf(target) ?? (target.isConnected ? null : [...unsaved][0]);
  if (area && detail.successful && area.dataset.sent === area.value) unsaved.delete(area);
});
document.addEventListener("htmx:sendError", ({ target }) => {
  const area = fieldOf(target);
  if (!area) return;
  say(area, "Not saved: the server cannot be reached. It is tried again; what you wrote stays here.");
  setTimeout(() => { if (area.isConnected) window.htmx.trigger(area, "retry"); }, 5000);
});
window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((area) => area.isConnected)) event.preventDefault();
});
document.addEventListener("submit", () => unsaved.clear());

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
  const fill = target.closest("[data-fill]");
  if (fill) {
    const area = document.getElementById(fill.dataset.fill);
    const added = area.value === area.dataset.sent ? "" : `\n\n${area.value}`; // typed since: it stays, too
    area.value = fill.dataset.text + added;
    area.focus();
  }
  if (target.closest("[data-print]")) window.print();
});

// Ctrl+Enter (or ⌘ Enter) saves and leaves the field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const area = fieldOf(event.target);
  if (area) { event.preventDefault(); area.form.querySelector(".actions > .button")?.click(); }
});
