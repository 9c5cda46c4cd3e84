// A new answer is read from its beginning: bring the question it answers to the top of the screen.
// Gradio names each message, to those who listen, by its HTML; name it by what it is.
(() => {
  let shown = 0;
  const look = () => {
    const answers = document.querySelectorAll("#chat .answer").length;
    if (answers > shown) {
      const asked = document.querySelectorAll("#chat .user-row");
      asked[asked.length - 1]?.scrollIntoView({ block: "start" });
    }
    shown = answers;
    for (const [role, name] of [["user", "Question"], ["bot", "Answer"]])
      for (const message of document.querySelectorAll(`#chat [data-testid="${role}"][aria-label*="<"]`))
        message.setAttribute("aria-label", name);
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
