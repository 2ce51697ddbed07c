// The practice workspace in the browser: one long request asks for news, everything else is a POST of one act.

import { blocks } from "./blocks.js";
import { showModal } from "./modal.js";
import { element, mrkdwn } from "./mrkdwn.js";

const $ = (id) => document.getElementById(id);
const EMOJI = { pushpin: "📌", eyes: "👀", memo: "📝", white_check_mark: "✅", rotating_light: "🚨", "+1": "👍" };
const HOME = "home";

let state = null;
let asking = null;
let user = new URLSearchParams(location.search).get("as") ?? "";
let place = new URLSearchParams(location.search).get("channel") ?? "";
const drawn = new Map();
const read = new Map();

const names = {
  user: (id) => state.users.find((one) => one.id === id)?.profile.display_name,
  channel: (id) => state.channels.find((one) => one.id === id)?.name,
  people: () => state.users.filter((one) => !one.is_bot).map((one) => ({ value: one.id, text: { text: one.real_name } })),
};

async function post(act, body) {
  $("notice").textContent = "";
  try {
    const response = await fetch(`/practice/${act}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, ...body }),
    });
    const answer = await response.json();
    if (!answer.ok || answer.error) $("notice").textContent = `That did not work: ${answer.error}.`;
    return answer;
  } catch {
    $("notice").textContent = "The practice workspace does not answer.";
    return { ok: false, error: "no answer" };
  }
}

async function listen() {
  let version = -1;
  const mine = (asking = new AbortController());
  while (!mine.signal.aborted) {
    try {
      const response = await fetch(`/practice/state?as=${encodeURIComponent(user)}&version=${version}`, { signal: mine.signal });
      state = await response.json();
      version = state.version;
      draw();
    } catch (problem) {
      if (mine.signal.aborted) return;
      console.warn("The practice workspace does not answer; asking again.", problem);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

function draw() {
  const people = state.users.filter((one) => !one.is_bot);
  if (!people.some((one) => one.id === user)) {
    user = people[0]?.id ?? "";
    if (user) become(user);
    return;
  }
  const chosen = find();
  drawPeople(people);
  drawPlaces(chosen);
  drawHead(chosen);
  drawMessages(chosen);
  drawShortcuts();
  showModal(state.views.at(-1), names, post);
}

function find() {
  if (place === HOME) return null;
  const open = state.channels.filter((one) => !one.is_archived);
  return state.channels.find((one) => one.id === place || (one.name && one.name === place)) ?? open.find((one) => one.name === "incidents") ?? open[0];
}

function become(id) {
  user = id;
  asking?.abort();
  drawn.clear();
  $("messages").replaceChildren();
  listen();
}

function drawPeople(people) {
  const options = people.map((one) => element("option", { value: one.id, selected: one.id === user }, one.real_name));
  if ($("acting").textContent !== people.map((one) => one.real_name).join("")) $("acting").replaceChildren(...options);
  $("acting").value = user;
}

function drawPlaces(chosen) {
  const newest = (channel) => Number(channel.messages.at(-1)?.ts ?? 0);
  if (chosen) read.set(chosen.id, newest(chosen));
  const entry = (id, label, current, unread) => element("li", {},
    element("button", { type: "button", "data-place": id, class: unread ? "unread" : "", "aria-current": current ? "page" : null }, label));
  const channel = (one) => {
    if (!read.has(one.id)) read.set(one.id, newest(one));
    return entry(one.id, one.is_im ? "Andon" : `${one.is_private ? "🔒 " : "# "}${one.name}`, one === chosen, newest(one) > read.get(one.id));
  };
  const group = (label, list) => (list.length ? [element("li", { class: "group" }, label), ...list.map(channel)] : []);
  const focused = document.activeElement?.dataset?.place;
  $("places").replaceChildren(
    entry(HOME, "Andon's home", place === HOME, false),
    ...group("Channels", state.channels.filter((one) => !one.is_im && !one.is_archived)),
    ...group("Direct messages", state.channels.filter((one) => one.is_im)),
    ...group("Archived", state.channels.filter((one) => one.is_archived)));
  if (focused) $("places").querySelector(`[data-place="${focused}"]`)?.focus();
}

function drawHead(chosen) {
  const title = !chosen ? "Andon's home" : chosen.is_im ? "Andon" : `# ${chosen.name}`;
  $("name").textContent = title;
  document.title = `${title} · Practice workspace`;
  $("topic").textContent = chosen?.topic.value ?? "";
  const kept = state.bookmarks.filter((one) => one.channel_id === chosen?.id);
  $("bookmarks").replaceChildren(...kept.map((one) => element("a", { href: one.link, target: "_blank", rel: "noopener noreferrer" }, one.title)));
  $("composer").hidden = !chosen || chosen.is_archived;
  $("text").placeholder = chosen?.is_im ? "Message Andon" : "Message, or /incident checkout is down sev2";
}

function drawMessages(chosen) {
  const box = $("messages");
  const key = chosen?.id ?? HOME;
  const moved = box.dataset.place !== key;
  const atEnd = moved || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  if (moved) {
    drawn.clear();
    box.replaceChildren();
    box.dataset.place = key;
  }
  if (!chosen) drawHome(box);
  else if (!chosen.messages.length) box.replaceChildren(element("p", { class: "empty" }, "Nothing here yet. Type /incident with what is wrong, or /oncall to see who is on."));
  else reconcile(box, chosen, moved);
  if (atEnd && chosen) box.scrollTop = box.scrollHeight;
}

function reconcile(box, chosen, quiet) {
  box.querySelector(".empty")?.remove();
  const present = new Set(chosen.messages.map((one) => one.ts));
  for (const [ts, kept] of drawn) {
    if (!present.has(ts)) {
      kept.node.remove();
      drawn.delete(ts);
    }
  }
  for (const one of chosen.messages) {
    const json = JSON.stringify(one) + chosen.pins.includes(one.ts);
    const before = drawn.get(one.ts);
    if (before?.json === json) continue;
    const node = message(one, chosen);
    if (before) before.node.replaceWith(node);
    else {
      if (!quiet) node.classList.add("new");
      const next = chosen.messages.slice(chosen.messages.indexOf(one) + 1).find((later) => drawn.has(later.ts));
      box.insertBefore(node, next ? drawn.get(next.ts).node : null);
    }
    drawn.set(one.ts, { json, node });
  }
}

function message(one, channel) {
  const author = state.users.find((each) => each.id === one.user);
  const name = author?.real_name ?? one.user;
  const at = new Date(Number(one.ts) * 1000);
  const act = (part, value) => post("click", { ts: one.ts, action_id: part.action_id, value });
  const content = one.blocks?.length ? element("div", { class: "card" }, ...blocks(one.blocks, names, act)) : mrkdwn(one.text, names);
  const notes = [author?.is_bot ? "App" : "", one.edited ? "edited" : "", channel.pins.includes(one.ts) ? "📌 pinned" : "", one.is_ephemeral ? "Only you can see this" : ""];
  return element("article", { class: `message ${one.is_ephemeral ? "private" : ""}`, "data-ts": one.ts, "aria-label": `Message from ${name}` },
    element("span", { class: `avatar ${author?.is_bot ? "app" : ""}`, "aria-hidden": "true" }, name.split(" ").map((word) => word[0]).join("").slice(0, 2)),
    element("div", {},
      element("div", { class: "byline" }, element("strong", {}, name),
        element("time", { datetime: at.toISOString(), title: at.toLocaleString() }, at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
        ...notes.filter(Boolean).map((note) => element("small", {}, note))),
      content, reactions(one)),
    one.is_ephemeral ? null : menu(one, name));
}

function reactions(one) {
  if (!one.reactions?.length) return null;
  return element("div", { class: "reactions" }, ...one.reactions.map((each) => element("button", {
    type: "button", "aria-pressed": String(each.users.includes(user)), "aria-label": `${each.name}, ${each.count}`,
    onclick: () => post("react", { ts: one.ts, name: each.name }) }, `${EMOJI[each.name] ?? ""} ${each.name.replaceAll("_", " ")} ${each.count}`)));
}

function menu(one, name) {
  const item = (label, run) => element("button", { type: "button", onclick: (event) => { event.target.closest("details").open = false; run(); } }, label);
  const own = one.user !== user ? [] : [
    item("Edit", () => edit(one)), item("Delete", () => post("delete", { ts: one.ts }))];
  const shortcuts = state.shortcuts.filter((each) => each.kind === "message")
    .map((each) => item(each.name, () => post("shortcut", { callback_id: each.callback_id, ts: one.ts })));
  const marks = ["eyes", "memo", "white_check_mark"].map((each) => item(`React ${EMOJI[each]} ${each.replaceAll("_", " ")}`, () => post("react", { ts: one.ts, name: each })));
  return element("details", { class: "menu" }, element("summary", { "aria-label": `More for the message from ${name}` }, "⋯"),
    element("div", { class: "menu-items" }, ...shortcuts, item("Pin or unpin", () => post("pin", { ts: one.ts })), ...marks, ...own));
}

function edit(one) {
  const text = window.prompt("Change the message", one.text);
  if (text?.trim()) post("edit", { ts: one.ts, text });
}

function drawHome(box) {
  const act = (part, value) => post("click_view", { view: state.home.id, action_id: part.action_id, value });
  const key = state.home?.hash ?? "none";
  if (box.dataset.home === key && box.childElementCount) return;
  box.dataset.home = key;
  box.replaceChildren(state.home
    ? element("div", { class: "empty" }, element("div", { class: "card" }, ...blocks(state.home.blocks, names, act)))
    : element("p", { class: "empty" }, "Andon has not written your home yet; it was just told that you opened it."));
}

function drawShortcuts() {
  if ($("shortcut-items").childElementCount) return;
  const global = state.shortcuts.filter((each) => each.kind === "global");
  $("shortcuts").hidden = !global.length;
  $("shortcut-items").replaceChildren(...global.map((each) => element("button", { type: "button", onclick: () => {
    $("shortcuts").open = false;
    post("shortcut", { callback_id: each.callback_id });
  } }, each.name)));
  $("commands").replaceChildren(...state.commands.map((each) => element("option", { value: `${each} ` })));
}

$("places").addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-place]")?.dataset.place;
  if (!chosen) return;
  place = chosen;
  draw();
  if (chosen === HOME) post("home", {});
});

function closeMenus(except) {
  for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(except)) open.open = false;
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(null));

$("acting").addEventListener("change", (event) => become(event.target.value));

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const typed = $("text").value.trim();
  const channel = find()?.id;
  if (!typed || !channel) return;
  const [, command, rest] = /^(\/\S+)\s*(.*)$/s.exec(typed) ?? [];
  if (command && !state.commands.includes(command)) {
    $("notice").textContent = `${command} is not a command here: ${state.commands.join(", ")}.`;
    return;
  }
  $("text").value = "";
  if (command) await post("slash", { channel, command, text: rest });
  else await post("say", { channel, text: typed });
});

listen();
