/* What can be done with a turn: copied, asked again, asked in other words. */

async function copy(button) {
  await toClipboard(button.dataset.copy);
  flash(button, say("copied"));
}

/* False where the browser refuses. */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return fallbackCopy(text); // the page came over plain HTTP from another machine
  }
}

function flash(button, text) {
  const label = button.textContent;
  if (label === text) return;
  button.textContent = text;
  setTimeout(() => (button.textContent = label), 2_000);
}

function fallbackCopy(text) {
  const field = document.createElement("textarea");
  field.value = text;
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return done;
}

/* The question becomes a field in its place. */
function edit(button) {
  const heading = button.closest(".turn").querySelector(".question");
  if (heading.hidden) return;
  const form = element("form", "editor");
  const field = element("textarea", "", "", { rows: "2", dir: "auto", "aria-label": say("box") });
  field.value = button.dataset.edit;
  const cancel = element("button", "cancel", say("cancel"), { type: "button" });
  form.append(field, element("button", "again", say("again"), { type: "submit" }), cancel);
  const close = () => {
    form.remove();
    heading.hidden = false;
  };
  const back = () => {
    close();
    button.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { turn, since, until } = button.dataset;
    if (!field.value.trim() || !send({ question: field.value, turn, since, until })) return;
    close();
    focusQuestion();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
    if (event.target !== field || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  cancel.addEventListener("click", back);
  heading.hidden = true;
  heading.after(form);
  field.focus();
}

/* The whole conversation as a Markdown file; the footnotes of each answer get a prefix of their own. */
function exportConversation() {
  const answers = all(document, ".turn").flatMap((turn) => {
    const text = turn.querySelector("[data-copy-markdown]")?.dataset.copy;
    return text ? [text.replaceAll("[^", `[^${turn.dataset.turn}-`)] : [];
  });
  const file = new Blob([answers.join("\n\n---\n\n") + "\n"], { type: "text/markdown" });
  const link = element("a", "", "", { href: URL.createObjectURL(file), download: "conversation.md" });
  link.click();
  URL.revokeObjectURL(link.href);
}
