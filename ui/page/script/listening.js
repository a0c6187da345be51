/* Every click and key, delegated from the document, because Gradio replaces parts of the page as answers arrive. */

const near = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

document.addEventListener("click", (event) => {
  const cite = near(event, "[data-cite]");
  const number = near(event, "[data-back]");
  const release = near(event, "[data-read]");
  if (cite || number) event.preventDefault();
  if (cite) visit(cite);
  else if (number) back(number);
  else if (release) read(release);
});
const acts = {
  "[data-ask]": (button) => {
    if (send({ question: button.dataset.ask, ...period() })) focusQuestion();
  },
  "[data-again]": again,
  "[data-edit]": edit,
  "[data-copy]": copy,
  "[data-rate]": rate,
  "[data-link]": share,
  "[data-history]": showConversations,
  "[data-new]": () => go(""),
  "[data-clear]": clearPeriod,
  "[data-list]": toggle,
};
document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(acts)) {
    const button = near(event, selector);
    if (button) act(button);
  }
});
document.addEventListener("change", (event) => {
  if (near(event, "#period input")) sayPeriod();
});
/* Escape closes an open period, and the focus stays at what opened it; Enter in a field of a chip asks again. */
document.addEventListener("keydown", (event) => {
  const fold = near(event, "details[data-period]");
  if (!fold || !fold.open) return;
  if (event.key === "Escape") {
    fold.open = false;
    fold.querySelector("summary").focus();
  } else if (event.key === "Enter" && near(event, "input")) {
    event.preventDefault();
    const own = fold.querySelector("[data-own]");
    if (own) again(own);
    else {
      fold.open = false;
      focusQuestion();
    }
  }
});
/* An empty question is nothing to send, and one after another is what the page can show. */
document.addEventListener(
  "keydown",
  (event) => {
    const box = near(event, "#question textarea");
    if (box && event.key === "Enter" && !event.shiftKey && (!box.value.trim() || busy())) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const cite = near(event, "[data-cite]");
    if (cite) light(cite);
  });
}

window.communique = {
  serve: (fetching, events) => {
    fetchRelease = fetching;
    server = events;
    if (linked()) {
      tab.removeItem(TAB);
      recalling = true;
      return server.unfold({ id: linked() });
    }
    const turns = here() && recall(here())?.turns;
    if (!turns?.length) return askPending();
    recalling = true;
    server.restore({ turns });
  },
  keep,
  heed,
  /* What goes with a question that is sent; the button that sent it is about to go, so the focus moves on. */
  sent: (question, session) => {
    focusQuestion();
    return [question, session, noted({ question, ...period() })];
  },
  focusQuestion,
};
