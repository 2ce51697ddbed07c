// How the post-mortem stands: who else is here, and which version each section has. Asked for when the page hears of a
// change, and told every ten seconds that one is here, and where one writes.

const page = document.getElementById("pm");
const BEAT = 10_000; // ms
let last = { versions: {}, present: {} };
let asking = null, again = false;

// `writingIn` gives the key of the section one writes in; `editorOf` a section's editor.
export function follow({ writingIn, editorOf }) {
  if (!page?.dataset.presence) return;
  const beat = () => { if (!document.hidden) ask({ section: writingIn() }); };
  const hear = () => ask(null);
  async function ask(told) {
    if (asking && !told) { again = true; return; }
    const request = told && { method: "POST", body: new URLSearchParams(told), headers: { "X-CSRFToken": csrf() } };
    asking = fetch(page.dataset.presence, request ?? {}).then(read).catch((error) => console.warn(error)); // the next beat asks again
    await asking;
    asking = null;
    if (again) { again = false; hear(); }
  }
  async function read(answer) {
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
    last = await answer.json();
    showWho();
    for (const [key, version] of Object.entries(last.versions)) {
      const editor = editorOf(key), shown = document.getElementById(`w-${key}`);
      if (editor) { if (version > editor.version) editor.send(); }
      else if (shown && version > Number(shown.dataset.version)) await refresh(shown);
    }
  }
  beat();
  setInterval(beat, BEAT);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  document.addEventListener("focusin", ({ target }) => { if (target.closest("[data-writing]")) beat(); });
  document.body.addEventListener("live", hear);
  document.body.addEventListener("presence", hear);
  window.addEventListener("pagehide", () => {
    const gone = new FormData();
    gone.append("leave", "1");
    gone.append("csrfmiddlewaretoken", csrf());
    navigator.sendBeacon(page.dataset.presence, gone);
  });
  return { beat, showWho };
}

const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

function showWho() {
  for (const place of document.querySelectorAll("[data-present]")) {
    const html = last.present[place.dataset.present] ?? "";
    if (place.dataset.shown === html) continue;
    place.dataset.shown = html;
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  }
}

// A section that is read: its text, its buttons and the coach's notes anew; comments and what is typed there stay.
async function refresh(shown) {
  const answer = await fetch(shown.dataset.here, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(shown.id);
  if (!fresh || !shown.isConnected || shown.querySelector("[data-writing]")) return;
  for (const name of ["read", "acts", "coach"]) {
    const [old, now] = [shown, fresh].map((section) => section.querySelector(`[id^="${name}-"]`));
    if (!old || !now || old.contains(document.activeElement)) continue;
    old.replaceWith(document.adoptNode(now));
    window.htmx.process(now);
  }
  shown.dataset.version = fresh.dataset.version;
}
