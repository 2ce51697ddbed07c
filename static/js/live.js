// Says "live" to the page when the server says "changed". Elements fetch themselves again:
//   <section id="timeline" hx-get="…" hx-trigger="live from:body">
// An event carries no content, so permissions stay in the views. Several tokens stand apart by a space.

const tokens = document.querySelector("[data-live]")?.dataset.live.split(" ").filter(Boolean) ?? [];
const SETTLE = 120; // ms: a burst of changes is one refresh
const LONGEST = 30_000; // ms between attempts
let wait = 1000;
let timer;
let missed = false;

function changed() {
  if (document.hidden) { missed = true; return; }
  missed = false;
  clearTimeout(timer);
  timer = setTimeout(() => window.htmx?.trigger(document.body, "live"), SETTLE);
}

function say(text) {
  let note = document.querySelector(".live");
  if (!text) { note?.remove(); return; }
  if (!note) {
    note = document.createElement("div");
    note.className = "live";
    note.setAttribute("role", "status");
    document.body.append(note);
  }
  note.textContent = text;
}

function connect(again) {
  const source = new EventSource(`/live?${new URLSearchParams(tokens.map((token) => ["t", token]))}`);
  source.addEventListener("open", () => {
    wait = 1000;
    say("");
    if (again) changed(); // whatever happened while away
  });
  source.addEventListener("changed", changed);
  source.addEventListener("error", () => {
    source.close();
    say(wait < LONGEST ? "Reconnecting …" : "Not live. Reload the page to see what is new.");
    setTimeout(() => connect(true), wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST);
  });
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && missed) changed(); });
if (tokens.length) connect(false);
