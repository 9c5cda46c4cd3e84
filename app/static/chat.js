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

// Documents are read while questions are answered: say how far that is (#index-state), and when the newest answer is of an
// index that has changed since (#index-newer), with a button that asks again. What is being typed is never touched.
(() => {
  const $ = (selector) => document.querySelector(selector);
  let commit = null; // the last one
  let checked; // the newest answer's, when that was asked for
  let polling = false;
  let timer;

  const put = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };

  const newest = () => [...document.querySelectorAll("#chat .answer")].at(-1);
  const commitOf = (answer) => [...(answer?.classList ?? [])].find((c) => c.startsWith("commit-"))?.slice("commit-".length);

  const lastQuestion = () => {
    const copy = [...document.querySelectorAll("#chat .asked")].at(-1)?.cloneNode(true);
    copy?.querySelectorAll("br").forEach((b) => b.replaceWith("\n"));
    return copy?.textContent ?? "";
  };

  const askAgain = () => {
    const box = $("#question textarea");
    if (!box || box.value) return;
    box.value = lastQuestion();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => $("#question button.submit-button")?.click()); // once Gradio has taken the words
  };

  const newer = () => {
    const place = $("#index-newer");
    if (!place) return;
    const answered = commitOf(newest());
    if (answered && answered !== checked) return poll(); // the commit that is known may be older than this answer
    const stale = Boolean(commit && answered && answered !== commit);
    if (stale && !place.childElementCount) {
      const words = document.createElement("span");
      words.textContent = "The index has changed since this answer: ask again.";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Ask again";
      button.addEventListener("click", askAgain);
      place.replaceChildren(words, " ", button);
    } else if (!stale && place.hasChildNodes()) place.replaceChildren();
    const button = place.querySelector("button");
    const typing = Boolean($("#question textarea")?.value);
    if (button && button.hidden !== typing) button.hidden = typing; // its question would take the place of what is typed
  };

  const poll = async () => {
    if (polling) return;
    polling = true;
    clearTimeout(timer);
    const answered = commitOf(newest());
    const wanted = $("#index-state, #index-newer");
    let working = false;
    try {
      const answer = wanted ? await fetch("/api/index") : null;
      if (answer?.ok) {
        const { commit: now, work } = await answer.json();
        [commit, checked] = [now, answered];
        working = Boolean(work && work.doing !== "idle");
        put($("#index-state"), working ? work.told : "");
      }
    } catch {
      // The server is gone, or starting again: a question would say so.
    }
    polling = false;
    if (!document.hidden) timer = setTimeout(poll, working || !wanted ? 1000 : 5000);
    if (checked === commitOf(newest())) newer();
  };

  document.addEventListener("visibilitychange", () => document.hidden || poll());
  document.addEventListener("input", newer);
  new MutationObserver(newer).observe(document.documentElement, { childList: true, subtree: true });
  poll();
})();
