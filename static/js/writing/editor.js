// One section's field. It saves by itself, one request at a time, and takes in what others write, without losing what is
// typed meanwhile. What it knows: `version` and `known`, the text that the server has under that version; `sent`, what
// is on its way (sent again, the same, until an answer comes); `since`, what was typed after that.

import { carryOut, rebase, splice, take } from "./splices.js";
import * as drafts from "./drafts.js";

const PAUSE = 600, LATEST = 1500, MID_WORD = 4000; // ms: after a pause, or while typing; a word half typed waits longer
const OVERTAKEN = 500; // ms in which a program may still set the field from the text as it was before others' words came
const KEPT_ALIVE = 60_000; // bytes that a browser still sends when its page is left
const token = (form) => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

export class Editor {
  constructor(form) {
    this.form = form;
    this.area = form.elements.body;
    this.key = form.dataset.writing;
    this.draft = drafts.nameOf(this.key);
    this.version = Number(form.elements.version.value);
    this.known = this.value = this.area.defaultValue;
    this.sent = this.clash = this.answer = this.edge = this.taken = null;
    this.since = [];
    this.failures = 0;
    this.composing = false;
    this.area.addEventListener("input", (event) => this.read(event.isComposing, event.inputType));
    this.area.addEventListener("compositionstart", () => { this.composing = true; });
    this.area.addEventListener("compositionend", () => this.composed());
    this.area.addEventListener("blur", () => this.send());
    window.addEventListener("online", () => this.area.isConnected && this.send());
    if (this.area.value !== this.value) this.read(false); // typed before this ran, or kept by the browser
  }

  get unsaved() { return this.value !== this.known; }

  // What was typed, as an edit of what stood there.
  read(composing, how = "") {
    if (this.area.value === this.value) return;
    this.catchUp(how);
    const after = this.area.value;
    const edit = splice(this.value, after, this.area.selectionEnd);
    this.since.push(edit);
    this.value = after;
    this.form.querySelector(".pm__ghost")?.replaceChildren(); // its underlines are of the text as it was
    if (!composing) this.keepApart(edit);
    drafts.keep(this.draft, this);
    this.say("Not saved yet …");
    this.schedule();
  }

  // Dictation, spelling aids and other programs read the field, think, and write it whole. What they had not seen comes
  // back: where they only added to the text as it was before others' words came, they did not mean to take those out.
  catchUp(how) {
    const { area, taken } = this, after = area.value, caret = area.selectionEnd;
    this.taken = null;
    if (!taken || Date.now() > taken.at + OVERTAKEN || /^(delete|history)/.test(how)) return;
    const [from, to] = splice(this.value, after, caret), added = splice(taken.before, after, caret);
    if (from === to || added[0] !== added[1]) return;
    const whole = take(after, rebase(taken.edits, added), [caret]);
    area.value = whole.value;
    area.setSelectionRange(whole.positions[0], whole.positions[0]);
  }

  // Somebody's words came in right behind the caret: the word that is typed there now does not grow into theirs.
  keepApart([start, end, text]) {
    const at = start + text.length, edge = this.edge;
    this.edge = null;
    if (edge !== start || start !== end || /\s$/.test(text) || !/\S/.test(this.value[at] ?? " ")) return;
    this.since.push([at, at, " "]);
    this.write(`${this.value.slice(0, at)} ${this.value.slice(at)}`, [at, at]);
  }

  composed() {
    this.composing = false;
    this.read(false);
    if (this.answer) this.adopt(this.answer);
    this.schedule();
  }

  schedule() {
    const now = Date.now();
    this.typed = now;
    this.first ??= now;
    this.wake(Math.min(PAUSE, Math.max(0, this.first + LATEST - now)));
  }

  wake(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.due(), wait);
  }

  due() {
    if (!this.area.isConnected || !this.unsaved) return;
    const now = Date.now(), midWord = /\S/.test(this.value[this.area.selectionEnd - 1] ?? " ");
    const typing = now - this.typed < PAUSE - 50 && document.activeElement === this.area;
    if (typing && midWord && now - this.first < MID_WORD) this.wake(60);
    else this.send();
  }

  // Send what is unsaved; with nothing unsaved it only takes in what others wrote. Resolves when the answer is here.
  send() {
    if (this.sending || this.clash || this.composing) return this.sending;
    if (!this.area.isConnected) return undefined;
    clearTimeout(this.timer);
    this.sending = this.ask().finally(() => {
      this.sending = null;
      if (this.unsaved && !this.clash && !this.refused) this.wake(this.failures ? Math.min(10_000, 500 * 2 ** this.failures) : PAUSE);
    });
    return this.sending;
  }

  async ask() {
    this.refused = false;
    if (!this.sent) {
      this.sent = { value: this.value, version: this.version };
      this.since = [];
      this.first = null;
    }
    const body = new URLSearchParams({ version: this.sent.version, body: this.sent.value }).toString();
    const headers = { "X-CSRFToken": token(this.form), "Content-Type": "application/x-www-form-urlencoded" };
    let answer;
    try {
      answer = await fetch(this.form.dataset.autosave, { method: "POST", body, headers, keepalive: body.length < KEPT_ALIVE, signal: AbortSignal.timeout(20_000) });
      if (answer.status >= 500) throw new Error(`the server answered ${answer.status}`);
      this.failures = 0;
      await this.hear(answer);
    } catch (error) {
      this.failures += 1;
      const cause = answer ? "the server has trouble" : "the server cannot be reached";
      if (this.unsaved) this.trouble(`Not saved: ${cause}. It is tried again; what you wrote stays here.`, error);
      this.wake(Math.min(10_000, 500 * 2 ** this.failures));
    }
  }

  async hear(answer) {
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (told && answer.ok) this.adopt(told);
    else if (told && answer.status === 409) this.disagree(told);
    else this.refuse(answer, told);
  }

  refuse(answer, told) {
    this.sent = null; // nothing was changed: what is in the field still stands upon `version`
    this.refused = true;
    const signedOut = "you are signed out. Sign in again in another tab; what you wrote stays here.";
    const other = `the server answered ${answer.status}. Copy what you wrote and reload the page; this browser offers it again, too.`;
    this.trouble(`Not saved: ${told?.errors?.join(" ") ?? (answer.redirected ? signedOut : other)}`);
  }

  // The answer: what the server has now, under which version. In the middle of a composition it waits.
  adopt(answer) {
    this.answer = answer;
    if (this.composing) return;
    this.read(false);
    const edits = this.since.reduce((done, edit) => rebase(done, edit), answer.edits);
    this.known = carryOut(this.sent.value, answer.edits);
    this.version = answer.version;
    this.form.elements.version.value = answer.version;
    this.sent = this.answer = null;
    this.since = [];
    if (edits.length) this.takeIn(edits);
    if (this.unsaved) drafts.keep(this.draft, this);
    else drafts.forget(this.draft);
    this.say(this.unsaved ? "Not saved yet …" : answer.said);
  }

  takeIn(edits) {
    const { area, value } = this, selection = [area.selectionStart, area.selectionEnd];
    const caret = selection[1], before = this.place(caret);
    const taken = take(value, edits, selection);
    const behind = edits.some(([start, end, text]) => start === caret && end === caret && /^\S/.test(text));
    this.write(taken.value, taken.positions);
    this.taken = { before: value, edits, at: Date.now() };
    this.edge = behind ? area.selectionEnd : null;
    if (document.activeElement === area) window.scrollBy(0, this.place(area.selectionEnd) - before);
    this.form.querySelector(".pm__ghost")?.replaceChildren();
    area.dispatchEvent(new CustomEvent("taken")); // the coach reads anew
  }

  write(value, [start, end]) {
    const { area } = this, direction = area.selectionDirection, top = area.scrollTop;
    area.value = value;
    this.value = area.value;
    area.setSelectionRange(start, end, direction);
    area.scrollTop = top;
  }

  // How far down the field this position is, in pixels: measured in the same words behind it.
  place(position) {
    const ghost = this.form.querySelector(".pm__ghost"), mark = document.createElement("span");
    if (!ghost || document.activeElement !== this.area) return 0;
    ghost.replaceChildren(this.value.slice(0, position), mark);
    return mark.offsetTop;
  }

  // Both changed the same words: somebody looks at both texts and says which it shall be.
  disagree(clash) {
    this.clash = clash;
    document.getElementById(`clash-${this.key}`)?.remove();
    const shown = new DOMParser().parseFromString(clash.html, "text/html").body.firstElementChild;
    document.getElementById(`saved-${this.key}`).append(document.adoptNode(shown));
    this.trouble("Not saved: somebody else changed the same words. Choose below; what you wrote stays here.");
  }

  settle(which) {
    if (!this.clash || this.sending) return;
    const { clash, sent } = this, chosen = { theirs: clash.theirs, together: clash.together, mine: [] }[which];
    document.getElementById(`clash-${this.key}`)?.remove();
    const edits = this.since.reduce((done, edit) => rebase(done, edit), chosen);
    this.known = carryOut(sent.value, clash.theirs);
    this.version = clash.version;
    this.form.elements.version.value = clash.version;
    this.clash = this.sent = null;
    this.since = [];
    if (edits.length) this.takeIn(edits);
    this.area.focus();
    this.send();
  }

  // Put back words that were kept in this browser, upon the version on which they were written.
  putBack({ value, version }) {
    this.sent = null;
    this.since = [];
    this.version = version;
    this.known = null;
    this.write(value, [value.length, value.length]);
    this.area.focus();
    this.send();
  }

  // Everything is saved: true. Otherwise the page says why not.
  async finish() {
    for (let tries = 0; tries < 5 && (this.sending || this.unsaved); tries += 1) {
      await (this.sending ?? this.send());
      if (this.clash || this.failures || this.refused) return false;
    }
    return !this.unsaved;
  }

  say(text) { this.tell(text, ""); }
  trouble(text, cause) {
    this.tell("", text);
    if (cause) console.warn(cause);
  }
  tell(state, trouble) {
    const saved = document.getElementById(`saved-${this.key}`);
    if (!saved) return;
    const [quiet, loud] = [saved.querySelector(".pm__state"), saved.querySelector("[role=status]")];
    quiet.textContent = state;
    if (loud.textContent !== trouble) loud.textContent = trouble;
  }
}
