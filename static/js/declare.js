// A long list of check boxes narrows while one types; what is chosen stays in sight.
for (const input of document.querySelectorAll("[data-narrows]")) {
  const items = [...document.getElementById(input.dataset.narrows).children];
  if (items.length < 6) continue;
  input.hidden = false;
  const narrow = () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) {
      const text = item.textContent.toLowerCase();
      item.hidden = !item.querySelector(":checked") && !words.every((word) => text.includes(word));
    }
  };
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // chooses the one that is left, instead of sending the form
    const left = items.filter((item) => !item.hidden && !item.querySelector(":checked"));
    if (left.length === 1) { left[0].querySelector("input").click(); input.value = ""; narrow(); }
  });
}
// Sending twice is harmless (the form carries a nonce), but one press should look like one.
document.querySelector(".declare")?.addEventListener("submit", (event) => { event.target.querySelector("[type='submit']").setAttribute("aria-disabled", "true"); });
