// A document opens in a tab of its own, so back means closing it: the conversation is still in the tab it was opened from.
// Where the browser does not let a page close its tab, the link leads to the chat.
document.getElementById("back")?.addEventListener("click", (event) => {
  event.preventDefault();
  window.close();
  setTimeout(() => window.location.assign("/"), 150);
});
