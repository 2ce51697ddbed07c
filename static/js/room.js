// The incident room: what is typed survives a refresh, and "Post update" leads to where one writes.

// A live refresh replaces the rail with its small forms. What was typed there, and not yet sent, is put back.
let typed = [];
const fields = (scope) => scope.querySelectorAll("form[id] :is(input:not([type='hidden']), textarea, select)[name]");
const changed = (field) => (field instanceof HTMLSelectElement ? [...field.options].some((o) => o.selected !== o.defaultSelected) : field.value !== field.defaultValue);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const live = detail.requestConfig?.triggeringEvent?.type === "live";
  typed = live ? [...fields(detail.target)].filter(changed).map((field) => [field.form.id, field.name, field.value]) : [];
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [form, name, value] of typed) {
    const field = document.getElementById(form)?.elements[name];
    if (field) field.value = value;
  }
  typed = [];
});

// On a phone the place to write is on another tab.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-say]");
  const say = document.getElementById("say");
  if (!link || !say) return;
  event.preventDefault();
  const tab = document.querySelector(".room__tabs [value='timeline']");
  if (!tab.checked) { tab.checked = true; tab.dispatchEvent(new Event("change", { bubbles: true })); }
  say.focus();
  say.scrollIntoView({ block: "center" });
});
