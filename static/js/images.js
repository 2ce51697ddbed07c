// Pictures pasted, dropped or chosen while writing. Without this, the page "Pictures" of a post-mortem takes them.

const KINDS = "image/png,image/jpeg,image/gif,image/webp";
const MOST = 5_000_000; // bytes; the server says so, too
const ALT = "what it shows";
const areaOf = (target) => target.closest?.("[data-writing]")?.querySelector("textarea[name=body]");

function line(area) {
  const form = area.form;
  let status = form.querySelector(".pm__picture");
  if (!status) {
    status = document.createElement("p");
    status.className = "pm__picture small";
    status.setAttribute("role", "status");
    area.parentElement.after(status);
  }
  return status;
}

function say(area, text, progress) {
  line(area).replaceChildren(text, ...(progress ? [" ", progress] : []));
}

// What was typed meanwhile stays: the picture goes where the caret was, or to where it is now.
function insert(area, markdown, at) {
  const position = area.value.startsWith(at.before) ? at.before.length : area.selectionStart;
  const undisturbed = document.activeElement === area && area.selectionStart === position;
  const text = `${position && area.value[position - 1] !== "\n" ? "\n\n" : ""}${markdown}\n`;
  area.setRangeText(text, position, position, "preserve");
  const alt = position + text.indexOf(ALT);
  if (undisturbed && text.includes(ALT)) area.setSelectionRange(alt, alt + ALT.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function send(area, file, at) {
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.setAttribute("aria-label", "Sent so far");
  say(area, `Adding ${file.name || "the picture"} …`, progress);
  return new Promise((done) => {
    const call = new XMLHttpRequest(), body = new FormData();
    body.append("file", file);
    call.open("POST", new URL("../../images/", new URL(area.form.action)));
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("X-CSRFToken", area.form.elements.csrfmiddlewaretoken.value);
    call.responseType = "json";
    call.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; });
    call.addEventListener("load", () => {
      if (call.status === 201) {
        insert(area, call.response.markdown, at);
        say(area, "The picture is in. Say between its brackets what it shows, for those who cannot see it.");
      } else say(area, `Not added. ${call.response?.detail ?? "The server could not take it: try again."}`);
      done();
    });
    call.addEventListener("error", () => { say(area, "Not added: the server cannot be reached. Try again."); done(); });
    call.send(body);
  });
}

async function take(area, files) {
  for (const file of files) {
    const at = { before: area.value.slice(0, area.selectionEnd) };
    if (file.size > MOST) say(area, `Not added: ${file.name} has ${(file.size / 1e6).toFixed(1)} MB; 5 MB at most are taken.`);
    else await send(area, file, at);
  }
}

document.addEventListener("paste", (event) => {
  const area = areaOf(event.target), files = [...(event.clipboardData?.files ?? [])];
  if (!area || event.target !== area || !files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  take(area, files);
});
document.addEventListener("dragover", (event) => {
  if (areaOf(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const area = areaOf(event.target), files = [...(event.dataTransfer?.files ?? [])];
  if (!area || !files.length) return;
  event.preventDefault();
  take(area, files);
});

// A button for those who neither paste nor drop.
function offer(form) {
  if (form.querySelector("[data-picture]")) return;
  const area = form.querySelector("textarea[name=body]"), actions = form.querySelector(":scope > .actions");
  const button = document.createElement("button"), input = document.createElement("input");
  Object.assign(button, { type: "button", className: "button button--plain", textContent: "Add a picture" });
  button.dataset.picture = "";
  Object.assign(input, { type: "file", accept: KINDS, multiple: true, hidden: true, ariaLabel: "Pictures" });
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => { await take(area, [...input.files]); input.value = ""; });
  actions?.append(button, input);
}
const offerAll = () => document.querySelectorAll("[data-writing]").forEach(offer);
document.addEventListener("htmx:afterSettle", offerAll);
offerAll();
