// Comments on a post-mortem: select words, press "Comment on this". Without this, a form below each section does it;
// with it, what is typed survives a refresh of the discussion.

const offer = document.createElement("button");
Object.assign(offer, { type: "button", className: "button button--small thread-offer no-print", textContent: "Comment on this", hidden: true });
let words = "";

// The section of the page in whose text the whole selection lies.
function quoted() {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer, el = within.nodeType === Node.TEXT_NODE ? within.parentElement : within;
  const prose = el.closest?.("[id^='read-']");
  const text = selection.toString().replace(/\s+/g, " ").trim();
  return prose && text ? { prose, range, text: text.slice(0, 500) } : null;
}

function show() {
  if (document.activeElement === offer) return;
  const found = quoted();
  offer.hidden = !found;
  if (!found) return;
  words = found.text;
  const host = found.prose.parentElement;
  if (offer.parentElement !== host) host.append(offer);
  const at = found.range.getBoundingClientRect(), frame = host.getBoundingClientRect();
  offer.style.insetBlockStart = `${at.bottom - frame.top + 4}px`;
  offer.style.insetInlineStart = `${Math.max(0, Math.min(at.left - frame.left, frame.width - offer.offsetWidth))}px`;
}
document.addEventListener("selectionchange", () => requestAnimationFrame(show));

offer.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
offer.addEventListener("click", () => {
  const key = offer.closest(".pm__text").querySelector("[id^='read-']").id.slice("read-".length);
  const form = document.getElementById(`comment-form-${key}`);
  form.closest("details").open = true;
  form.elements.quote.value = words;
  offer.hidden = true;
  document.getSelection().removeAllRanges();
  form.elements.body.focus();
  form.scrollIntoView({ block: "nearest" });
});

// A refresh replaces the forms: what was typed there, and not yet sent, is put back, and what was open stays so.
let typed = [], open = [];
const sent = new Map(); // forms on their way, by id
document.addEventListener("htmx:beforeRequest", ({ target }) => { if (target.matches("form[data-comment]")) sent.set(target.id, target); });
document.addEventListener("htmx:responseError", ({ target }) => sent.delete(target.id));
document.addEventListener("htmx:sendError", ({ target }) => sent.delete(target.id));
function keep({ detail }) {
  const target = detail.target;
  if (!target?.querySelectorAll) return;
  if (detail.xhr?.status >= 400) sent.clear(); // refused: it was not taken
  const fields = [...target.querySelectorAll("form[data-comment] :is(input:not([type='hidden']), textarea)")];
  typed.push(...fields.filter((field) => field.value !== field.defaultValue && !sent.has(field.form.id))
    .map((field) => ({ form: field.form.id, name: field.name, value: field.value, focused: field === document.activeElement })));
  open.push(...[...target.querySelectorAll(".comments details[open][id], details[open][id]")].map((el) => el.id));
}
function put() {
  for (const id of open) {
    const fold = document.getElementById(id);
    if (fold?.closest(".comments")) fold.open = true;
  }
  for (const [id, form] of sent) {
    if (form.isConnected) continue; // its answer is still to come
    sent.delete(id);
    const fold = document.getElementById(id)?.closest("details");
    if (fold) fold.open = false;
  }
  for (const { form, name, value, focused } of typed) {
    const field = document.getElementById(form)?.elements[name];
    if (!field || field.value === value) continue;
    field.value = value;
    field.closest("details").open = true;
    if (focused) field.focus();
  }
  typed = [];
  open = [];
}
for (const event of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) document.addEventListener(event, keep);
document.addEventListener("htmx:afterSettle", put);

// Words that lead to a comment open the fold that it lies in.
function reveal() {
  const comment = location.hash.startsWith("#comment") && document.getElementById(location.hash.slice(1));
  for (let fold = comment?.closest?.("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (comment) comment.scrollIntoView({ block: "center" });
}
window.addEventListener("hashchange", reveal);
reveal();
