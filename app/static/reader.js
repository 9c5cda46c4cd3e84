// A document opens in a tab of its own, so back means closing it: the conversation is still in the tab it was opened from.
// Where the browser does not let a page close its tab, the link leads to the chat.
document.getElementById("back")?.addEventListener("click", (event) => {
  event.preventDefault();
  window.close();
  setTimeout(() => window.location.assign("/"), 150);
});

// The address leads to one place; beside the text, the pages are brought to the same.
const opened = document.querySelector(".pages .opens");
if (opened) {
  const marked = opened.querySelector("rect.hit.now") ?? opened.querySelector("rect.sentence") ?? opened.querySelector("rect.passage") ?? opened;
  marked.scrollIntoView({ block: "center", behavior: "instant" });
  const named = document.getElementById(location.hash.slice(1));
  if (!named || named.closest(".pages")) document.querySelector("#hit, #passage")?.scrollIntoView({ behavior: "instant" });
  named?.scrollIntoView({ behavior: "instant" });
}

// Enter in the field leads from place to place while its words are those that are found, with Shift backwards.
const field = document.querySelector(".bar input[type=search]");
const found = field?.value;
field?.addEventListener("keydown", (event) => {
  const step = field.form.querySelector(event.shiftKey ? "[rel=prev]" : "[rel=next]");
  if (event.key !== "Enter" || event.isComposing || !step || field.value !== found) return;
  event.preventDefault();
  sessionStorage.setItem("finding", "on");
  step.click();
});
if (sessionStorage.getItem("finding")) {
  sessionStorage.removeItem("finding");
  // Going to the place in the address takes the focus away, as late as when all is loaded.
  addEventListener("load", () => setTimeout(() => field?.focus({ preventScroll: true })));
}

// Copying, where the browser lets a page write the clipboard.
for (const button of navigator.clipboard ? document.querySelectorAll(".actions button") : []) {
  const label = button.textContent;
  const text = button.dataset.link
    ? new URL(button.dataset.link, location.href).href
    : `${button.dataset.copy}\n\n— ${button.dataset.reference}`;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text).then(
      () => (button.textContent = "Copied"),
      () => (button.textContent = "The browser refused"),
    );
    setTimeout(() => (button.textContent = label), 2000);
  });
}
