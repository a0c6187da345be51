/* Conversations kept in this browser: each finished turn as the server told it, read back after a reload. */

const KEPT = "communique:";
const TAB = "communique-conversation"; // in the tab's own storage, so that two tabs are two conversations
const PENDING = "communique-pending";
const MOST_KEPT = 100;

/* A browser that is told to store nothing refuses even the look: then nothing is kept. */
function storage(name) {
  try {
    return window[name];
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
}
const shelf = storage("localStorage");
const tab = storage("sessionStorage");

const here = () => tab.getItem(TAB);
const forget = (id) => shelf.removeItem(KEPT + id);

function recall(id) {
  try {
    const { name, turns, changed } = JSON.parse(shelf.getItem(KEPT + id));
    return { name: String(name), turns: Array.from(turns), changed: Number(changed) || 0 };
  } catch {
    return null; // never kept, or spoilt by somebody
  }
}

/* The conversations, the one that changed last first. */
function kept() {
  return Object.keys(shelf)
    .filter((key) => key.startsWith(KEPT))
    .map((key) => ({ id: key.slice(KEPT.length), ...recall(key.slice(KEPT.length)) }))
    .filter(({ turns }) => turns)
    .sort((one, other) => other.changed - one.changed);
}

/* Who logs out may leave the browser to somebody else. */
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") !== "leave") return;
  for (const { id } of kept()) forget(id);
  for (const key of [TAB, PENDING]) tab.removeItem(key);
});

/* Where the browser gives no more room the oldest conversations go. */
function store(id, conversation) {
  for (const old of kept().slice(MOST_KEPT)) forget(old.id);
  for (;;) {
    try {
      shelf.setItem(KEPT + id, JSON.stringify(conversation));
      return;
    } catch {
      const oldest = kept().findLast((other) => other.id !== id);
      if (!oldest) return;
      forget(oldest.id);
    }
  }
}

/* A turn has ended: it follows those before it, and what was said after it in an earlier try is gone. */
function keep(told) {
  if (!told) return;
  const turn = JSON.parse(told);
  if (turn.forgotten) return comeBack();
  const id = here() || Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
  tab.setItem(TAB, id);
  const { name = turn.question, turns = [] } = beginning() || recall(id) || {};
  const before = turns.filter((other) => other?.number < turn.number);
  store(id, { name, turns: [...before, turn], changed: Date.now() });
  judged.delete(turn.number); // another answer in its place was not judged
  paintThumbs();
}

/* The server was restarted: the page is loaded anew, its conversation with it, and the question asked once more. */
function comeBack() {
  tab.setItem(PENDING, JSON.stringify(sent));
  location.reload();
}

function askPending() {
  const pending = tab.getItem(PENDING);
  tab.removeItem(PENDING);
  if (pending) send(JSON.parse(pending));
}

function go(id) {
  if (id) tab.setItem(TAB, id);
  else tab.removeItem(TAB);
  if (linked()) location.assign(plainAddress());
  else location.reload();
}

/* -- the list ---------------------------------------------------------------------------------------------------- */

function element(name, className, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const act = (className, name, label, run) => {
  const button = element("button", className, say(name), { type: "button", "aria-label": label });
  button.addEventListener("click", () => run(button));
  return button;
};

function showConversations() {
  let dialog = document.getElementById("history-dialog");
  if (!dialog) {
    dialog = element("dialog", "", "", { id: "history-dialog", "aria-labelledby": "history-title" });
    const bar = element("div", "bar");
    bar.append(element("h2", "", say("history"), { id: "history-title" }));
    bar.append(act("tool export", "export", say("export"), exportConversation));
    bar.append(act("close", "close", say("close"), () => dialog.close()));
    dialog.append(bar, element("ul", "kept"));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
  }
  list(dialog);
  dialog.showModal();
}

function list(dialog) {
  const entries = kept().map((conversation) => entry(conversation, dialog));
  const none = element("li", "none", say("none_kept"));
  dialog.querySelector(".kept").replaceChildren(...(entries.length ? entries : [none]));
}

function entry({ id, name, changed }, dialog) {
  const row = element("li", id === here() ? "now" : "");
  const when = dated(changed, { dateStyle: "medium", timeStyle: "short" });
  const open = element("button", "open", "", { type: "button", ...(id === here() && { "aria-current": "true" }) });
  open.append(element("span", "name", name, { dir: "auto" }), element("span", "when", when));
  open.addEventListener("click", () => go(id));
  const rename = act("rename", "rename", `${say("rename")}: ${name}`, () => naming(row, id, dialog));
  const remove = act("delete", "delete", `${say("delete")}: ${name}`, (button) => {
    if (!button.classList.contains("sure")) {
      button.classList.add("sure");
      button.textContent = say("delete_sure");
      button.setAttribute("aria-label", `${say("delete_sure")}: ${name}`);
      return;
    }
    forget(id);
    if (id === here()) return go("");
    list(dialog);
    dialog.querySelector(".close").focus();
  });
  row.append(open, rename, remove);
  return row;
}

/* The name becomes a field: Enter or leaving it keeps the new one, Escape the old one. */
function naming(row, id, dialog) {
  const conversation = recall(id);
  if (!conversation) return list(dialog);
  const field = element("input", "name", "", { "aria-label": say("name"), maxlength: "200" });
  field.value = conversation.name;
  row.querySelector(".open").replaceWith(field);
  field.select();
  let done = false;
  const end = (name) => {
    if (done) return;
    done = true;
    if (name.trim()) store(id, { ...conversation, name: name.trim() });
    list(dialog);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const place = all(dialog, "li").indexOf(row);
    end(event.key === "Enter" ? field.value : "");
    all(dialog, "li")[place]?.querySelector("button").focus();
  });
  field.addEventListener("blur", () => end(field.value));
}
