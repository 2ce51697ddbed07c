// "Make an action" of selected words: they go into the form of the new action. Without this, its field takes them.

const offer = document.createElement("button");
Object.assign(offer, { type: "button", className: "button button--small make-action no-print", textContent: "Make an action", hidden: true });
const MOST = 2000;
const GAP = 8; // px
let words = "";

function selected() {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer, el = within.nodeType === Node.TEXT_NODE ? within.parentElement : within;
  const host = el.closest?.(".prose")?.closest(".pm__text");
  const text = selection.toString().trim();
  return host && text ? { host, range, text: text.slice(0, MOST) } : null;
}

// Beside the offer to comment, where there is one.
function show() {
  if (document.activeElement === offer) return;
  const found = document.getElementById("new-action") && selected();
  offer.hidden = !found;
  if (!found) return;
  words = found.text;
  if (offer.parentElement !== found.host) found.host.append(offer);
  const at = found.range.getBoundingClientRect(), frame = found.host.getBoundingClientRect();
  const beside = [...found.host.querySelectorAll(".thread-offer")].find((other) => !other.hidden)?.getBoundingClientRect();
  const left = beside ? beside.right + GAP : at.left;
  offer.style.insetBlockStart = `${(beside ? beside.top : at.bottom + GAP / 2) - frame.top}px`;
  offer.style.insetInlineStart = `${Math.max(0, Math.min(left - frame.left, frame.width - offer.offsetWidth))}px`;
}
document.addEventListener("selectionchange", () => requestAnimationFrame(() => requestAnimationFrame(show)));

offer.addEventListener("click", () => {
  const fold = document.getElementById("new-action"), form = fold.querySelector("form");
  form.elements["action-section"].value = offer.closest(".pm__section").id.slice("s-".length);
  form.elements["action-excerpt"].value = words;
  fold.open = true;
  offer.hidden = true;
  document.getSelection().removeAllRanges();
  fold.scrollIntoView({ block: "nearest" });
  form.elements["action-title"].focus();
});
