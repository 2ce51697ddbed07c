// Words that are not saved yet are kept in this browser, so that a reload, a crash or an ended session loses none.

const page = document.getElementById("pm");
const prefix = page ? `andon:words:${page.dataset.person}:${page.dataset.number}:` : "";
const tab = (sessionStorage.tab ??= crypto.getRandomValues(new Uint32Array(2)).join("-"));
const OLD = 30 * 24 * 3600 * 1000; // ms
const waiting = new Map();

export const nameOf = (key) => `${prefix}${key}`;

export function keep(name, { value, version }) {
  clearTimeout(waiting.get(name));
  waiting.set(name, setTimeout(() => keepNow(name, { value, version }), 250));
}

export function keepNow(name, { value, version }) {
  clearTimeout(waiting.get(name));
  waiting.delete(name);
  try {
    localStorage.setItem(name, JSON.stringify({ value, version, tab, at: Date.now() }));
  } catch (error) {
    console.warn("This browser keeps no copy of what is not saved yet:", error); // its storage is full, or not allowed
  }
}

export function forget(name) {
  clearTimeout(waiting.get(name));
  waiting.delete(name);
  if (read(name)?.tab === tab) localStorage.removeItem(name);
}

export function read(name) {
  const kept = JSON.parse(localStorage.getItem(name) ?? "null");
  return kept && Date.now() - kept.at < OLD ? kept : null;
}

export function discard(name) { localStorage.removeItem(name); }

// Every section of this page with words that were kept when the page was opened: [key, {value, version, at}].
export function found() {
  const names = Object.keys(localStorage).filter((name) => prefix && name.startsWith(prefix));
  return names.map((name) => [name.slice(prefix.length), read(name)]).filter(([, kept]) => kept);
}
