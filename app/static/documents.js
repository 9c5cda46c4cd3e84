// The page of documents, kept up to date and able to change what it shows. Its parts are the server's own HTML, fetched again
// when the index has changed and put in place whole; everything else that is not ours is put in as text.
(() => {
  const $ = (id) => document.getElementById(id);
  const FRESH = ["facts", "notices", "collections", "list"];
  const AT_ONCE = 48 * 2 ** 20; // bytes in one request, unless one file alone is more
  const MANY = 50;
  document.documentElement.classList.add("scripted");

  let shown; // what the parts in place were made of
  let stale = true;
  let working = false;
  let timer;
  let sending = ""; // what is told while files are on their way
  let note = { text: "", bad: false }; // what came of the last button or files, beside what came of the reading

  const put = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
  const tell = (text, bad = false) => {
    put($("told"), text);
    $("told")?.classList.toggle("bad", bad);
  };

  // --- What is going on

  const poll = async () => {
    clearTimeout(timer);
    const state = await got("/api/index", (answer) => answer.json());
    if (state) await show(state);
    else tell("The server does not answer: is it still running?", true);
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(poll, working ? 1000 : 5000);
  };

  const got = async (address, read) => {
    try {
      return await read(await fetch(address, { cache: "no-store" }));
    } catch {
      return null;
    }
  };

  const show = async (state) => {
    const work = state.work;
    const ended = working && work?.doing === "idle";
    working = Boolean(work && work.doing !== "idle");
    if (work && $("bar")) {
      $("bar").hidden = !working;
      put($("doing"), work.told);
      const bar = document.querySelector("progress");
      if (work.total) [bar.max, bar.value] = [work.total, work.done];
      else bar.removeAttribute("value");
      // Numbers are for the eye; those who listen are told the beginning and the end.
      if (sending) tell(sending);
      else if (working) tell("Documents are being read. Questions are answered meanwhile.");
      else tell(`${note.text} ${work.error ?? work.outcome ?? ""}`.trim(), note.bad || Boolean(work.error));
      put($("watching"), work.watching ? "The folders are watched: what changes in them is read by itself." : "");
    }
    const key = JSON.stringify([state.commit, state.error, state.behind, state.collections.map((c) => c.there)]);
    stale ||= ended || key !== shown;
    if (stale && (await refresh())) [shown, stale] = [key, false];
  };

  // --- The newest parts, in place of those that are there

  let asked = 0;
  let hand; // the file whose button was pressed last
  const refresh = async (force = false) => {
    const now = ++asked;
    const busy = () => !force && document.querySelector("#list .asking"); // not under somebody's finger
    const answer = busy() ? null : await got(location.href, (page) => page.text());
    if (!answer || now !== asked || busy()) return false;
    const page = new DOMParser().parseFromString(answer, "text/html");
    const focus = document.activeElement.closest("#list button")?.dataset.name ?? hand;
    for (const id of FRESH) {
      const part = page.getElementById(id);
      if (part && $(id) && part.outerHTML !== $(id).outerHTML) $(id).replaceWith(document.adoptNode(part));
    }
    if (focus !== undefined && document.activeElement === document.body) {
      const button = [...document.querySelectorAll("#list button")].find((b) => b.dataset.name === focus);
      button?.focus({ preventScroll: true });
    }
    hand = undefined;
    return true;
  };

  // --- What buttons do

  const post = async (address, body) => {
    const json = !(body instanceof FormData);
    const answer = await fetch(address, {
      method: "POST",
      headers: json ? { "content-type": "application/json" } : {},
      body: json ? JSON.stringify(body) : body,
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error || "The server refused it.");
    return told;
  };

  const act = async (button) => {
    button.disabled = true;
    note = { text: "", bad: false };
    const { name } = button.dataset;
    hand = name;
    try {
      await post(button.dataset.do, name === undefined ? {} : { name });
      working = true; // so that its end is seen, however soon it comes
    } catch (error) {
      note = { text: error.message, bad: true };
    }
    if (note.bad || name === undefined) button.disabled = false;
    poll();
  };

  const ask = (button) => {
    const asking = $(button.dataset.ask).content.firstElementChild.cloneNode(true);
    const back = () => {
      asking.remove();
      button.hidden = false;
      button.focus();
    };
    asking.querySelector(".yes").addEventListener("click", () => {
      back();
      act(button);
    });
    asking.querySelector(".no").addEventListener("click", back);
    asking.addEventListener("keydown", (event) => {
      if (event.key === "Escape") back();
    });
    button.hidden = true;
    (button.closest("tr")?.querySelector("th") ?? button.parentElement).append(asking);
    asking.querySelector(".no").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-do]");
    if (button) (button.dataset.ask ? ask : act)(button);
  });

  // --- Files that are given

  let queue = Promise.resolve();

  const refuse = (name, reason) => {
    const item = document.createElement("li");
    const who = document.createElement("bdi");
    who.textContent = name;
    item.append(who, ` – ${reason}`);
    $("refused").append(item);
  };

  const batches = (files) => {
    const found = [];
    let size = Infinity;
    for (const file of files) {
      if (size + file.size > AT_ONCE || found.at(-1).length >= MANY) [size] = [0, found.push([])];
      found.at(-1).push(file);
      size += file.size;
    }
    return found;
  };

  const send = async (files) => {
    let sent = 0;
    let known = 0;
    for (const batch of batches(files)) {
      sending = files.length > 1 ? `Sending ${sent + 1} of ${files.length} files…` : "Sending the file…";
      tell(sending);
      const form = new FormData();
      for (const file of batch) form.append("files", file, file.name);
      try {
        const { taken, refused } = await post("/api/documents", form);
        for (const { name, reason } of refused) refuse(name, reason);
        known += taken.filter((t) => t.already).length;
        if (taken.length) working = true;
      } catch (error) {
        for (const file of batch) refuse(file.name, error instanceof TypeError ? "It could not be sent." : error.message);
      }
      sent += batch.length;
      if (sent < files.length) poll();
    }
    sending = "";
    if (known) note.text = known === 1 ? "One file was there already." : `${known} files were there already.`;
    poll();
  };

  const give = (files) => {
    $("refused").replaceChildren();
    note = { text: "", bad: false };
    const most = Number($("pick").dataset.most);
    for (const { name, size } of files) if (size > most) refuse(name, `It is larger than ${most / 2 ** 20} MiB: split it.`);
    const fitting = files.filter((f) => f.size <= most);
    if (fitting.length) queue = queue.then(() => send(fitting));
  };

  if ($("pick")) {
    $("pick").addEventListener("change", () => {
      give([...$("pick").files]);
      $("pick").value = "";
    });
    const holds = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0; // entering an element leaves another
    const drag = (by) => (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      depth += by;
      document.body.classList.toggle("dragging", depth > 0);
    };
    document.addEventListener("dragenter", drag(1));
    document.addEventListener("dragover", drag(0));
    document.addEventListener("dragleave", drag(-1));
    document.addEventListener("drop", (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      depth = 0;
      document.body.classList.remove("dragging");
      const folders = [...event.dataTransfer.items].map((i) => i.webkitGetAsEntry?.()).filter((e) => e?.isDirectory);
      const names = folders.map((f) => f.name);
      give([...event.dataTransfer.files].filter((f) => !names.includes(f.name)));
      for (const name of names) refuse(name, "It is a folder: give its files, or let “dixit index” take the folder as it is.");
    });
  }

  // --- Finding files by name

  let typing;
  $("find")?.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      const address = new URL(location.href);
      address.searchParams.delete("page");
      if ($("find").value) address.searchParams.set("q", $("find").value);
      else address.searchParams.delete("q");
      history.replaceState(null, "", address);
      refresh(true);
    }, 200);
  });

  document.addEventListener("visibilitychange", () => document.hidden || poll());
  poll();
})();
