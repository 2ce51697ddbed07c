// Small conveniences on pages that work without them. No eval, no inline handlers, no other host.

const root = document.documentElement;
const typingIn = (el) => el instanceof Element && el.matches("input, textarea, select, [contenteditable]");

// "/" goes to the search box, from anywhere but a field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
  const search = document.getElementById("search");
  if (search) { event.preventDefault(); search.focus(); search.select(); }
});

// One open menu at a time; Escape or a click elsewhere closes it.
const closeMenus = (except) => document.querySelectorAll("details:is(.menu, .definition)[open], .tabbar details[open]")
  .forEach((menu) => { if (!menu.contains(except)) menu.open = false; });
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });

// A control that submits its form when it changes (filters). Its form keeps a button for those without JavaScript.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});

// <button data-copy="id"> copies what the field with this id holds. Without the clipboard (plain HTTP) there is no button.
if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  toast("Copied.", "ok");
});

// Clocks: <time data-since>, <time data-until>, <time data-relative>.
const pad = (n) => String(n).padStart(2, "0");
function span(seconds) {
  const s = Math.floor(seconds), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  if (h >= 24) return `${Math.floor(h / 24)} d ${h % 24} h`;
  return h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
}
function coarse(seconds) {
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    const n = Math.floor(seconds / size);
    if (n) return `${n} ${unit}${n > 1 ? "s" : ""}`;
  }
  return "less than a minute";
}
function tick() {
  const now = Date.now();
  for (const el of document.querySelectorAll("time[data-since], time[data-until], time[data-relative]")) {
    const ahead = (Date.parse(el.dateTime) - now) / 1000;
    let text;
    if ("since" in el.dataset) text = span(Math.max(0, -ahead));
    else if ("until" in el.dataset) {
      text = ahead >= 0 ? `in ${coarse(ahead)}` : `${coarse(-ahead)} late`;
      el.classList.toggle("is-late", ahead < 0);
    } else text = ahead > 0 ? `in ${coarse(ahead)}` : -ahead < 60 ? "just now" : `${coarse(-ahead)} ago`;
    if (el.textContent !== text) el.textContent = text;
  }
}

// The hover of a time says it in the viewer's zone, to the second.
const zone = root.dataset.zone || undefined;
const clock = (() => {
  const options = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  try { return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }); }
  catch { return new Intl.DateTimeFormat("en-GB", options); } // a zone this browser does not know
})();
function title(scope) {
  for (const el of scope.querySelectorAll("time[datetime][title]")) {
    const at = new Date(el.dateTime);
    if (!Number.isNaN(at.valueOf())) el.title = clock.format(at);
  }
}

// Text areas grow with their text (where CSS cannot do it yet).
const fit = (area) => { area.style.blockSize = "auto"; area.style.blockSize = `${area.scrollHeight + 2}px`; };
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", (event) => { if (event.target.matches("textarea")) fit(event.target); });
}

export function toast(text, tone = "info") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const note = document.createElement("div");
  note.className = `banner banner--${tone}`;
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "button button--plain button--small";
  close.textContent = "Close";
  close.addEventListener("click", () => note.remove());
  note.append(words, close);
  region.replaceChildren(...[...region.children].slice(-2), note);
  if (tone !== "bad") setTimeout(() => note.remove(), 8000);
}

// htmx: errors are said, never swallowed. A view may also answer `HX-Trigger: {"toast": {"text": …, "tone": …}}`.
const reasons = { 403: "You may not do that.", 404: "That is gone. Reload the page.", 409: "Someone else changed it meanwhile. Reload to see their version.", 413: "That is too large.", 429: "Too many requests. Wait a moment." };
document.addEventListener("htmx:responseError", ({ detail }) =>
  toast(reasons[detail.xhr.status] ?? `The server answered ${detail.xhr.status}. Nothing was changed by this page; try again.`, "bad"));
document.addEventListener("htmx:sendError", () => toast("The server cannot be reached. What you typed is still here; try again.", "bad"));
document.addEventListener("htmx:timeout", () => toast("The server took too long. Try again.", "bad"));
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.tone));

// A live refresh moves nothing that is being read or typed.
const before = new WeakMap();
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  const live = event.detail.requestConfig?.triggeringEvent?.type === "live";
  if (live && target.contains(document.activeElement) && typingIn(document.activeElement)) {
    event.detail.shouldSwap = false; // fetched again when the field is left
    document.activeElement.addEventListener("blur", () => setTimeout(() => window.htmx.trigger(document.body, "live"), 200), { once: true });
    return;
  }
  if (!target.id) return;
  const marks = [...target.querySelectorAll("[id]")];
  const anchor = marks.find((el) => el.getBoundingClientRect().bottom > 0);
  before.set(document.body, {
    target: target.id,
    ids: new Set(marks.map((el) => el.id)),
    open: [...target.querySelectorAll("details[open][id]")].map((el) => el.id),
    anchor: anchor?.id,
    top: anchor?.getBoundingClientRect().top,
    live,
  });
});
document.addEventListener("htmx:afterSwap", () => {
  const was = before.get(document.body);
  before.delete(document.body);
  const target = was && document.getElementById(was.target);
  if (!target) return;
  for (const id of was.open) { const el = document.getElementById(id); if (el) el.open = true; }
  if (!was.live) return;
  for (const el of target.querySelectorAll(".entry[id], [data-fresh][id]")) if (!was.ids.has(el.id)) el.classList.add("is-new");
  const anchor = was.anchor && document.getElementById(was.anchor);
  if (anchor && window.scrollY > 0) window.scrollBy(0, anchor.getBoundingClientRect().top - was.top);
});
document.addEventListener("htmx:afterSettle", () => { title(document); tick(); });

// The room's tabs on a phone keep their scroll.
const scrolls = new Map();
let pane = document.querySelector(".room__tabs :checked")?.value;
document.addEventListener("change", (event) => {
  if (!event.target.closest(".room__tabs")) return;
  scrolls.set(pane, window.scrollY);
  pane = event.target.value;
  window.scrollTo(0, scrolls.get(pane) ?? Math.min(window.scrollY, 0));
});

title(document);
tick();
setInterval(tick, 1000);
document.querySelector("[data-focus]")?.focus();
