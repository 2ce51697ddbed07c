// Says "live" to the page when the server says "changed". Elements fetch themselves again:
//   <section id="timeline" hx-get="…" hx-trigger="live from:body">
// An event carries no content, so permissions stay in the views. Several tokens stand apart by a space. Of people who
// come and go (topics "presence:…") it says "presence" instead, so that nothing else is fetched for their sake.

const tokens = document.querySelector("[data-live]")?.dataset.live.split(" ").filter(Boolean) ?? [];
const SETTLE = 120; // ms: a burst of changes is one refresh
const LONGEST = 30_000; // ms between attempts
let wait = 1000;
let timer;
const heard = new Set(); // what the page is to be told

function changed({ data: topic } = {}) {
  const events = !topic ? ["live", "presence"] : [topic.startsWith("presence:") ? "presence" : "live"];
  for (const event of events) heard.add(event);
  if (!document.hidden) tell();
}

function tell() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    for (const event of heard) window.htmx?.trigger(document.body, event);
    heard.clear();
  }, SETTLE);
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

document.addEventListener("visibilitychange", () => { if (!document.hidden && heard.size) tell(); });
if (tokens.length) connect(false);
