/* What the reader thinks of an answer: a thumb, then reasons if they like. The server keeps it, the browser remembers. */

const judged = new Map(); // turn number -> verdict, where the browser stores nothing too

const verdictOf = (number) =>
  judged.get(number) || (here() && recall(here())?.turns.find((turn) => turn?.number === number)?.verdict) || "none";

/* Gradio draws turns anew; the thumbs are pressed as they were. */
function paintThumbs() {
  for (const thumb of all(document, "[data-rate]")) {
    const pressed = String(verdictOf(Number(thumb.closest(".turn").dataset.turn)) === thumb.dataset.rate);
    if (thumb.getAttribute("aria-pressed") !== pressed) thumb.setAttribute("aria-pressed", pressed);
  }
}

/* A pressed thumb, pressed again, takes the opinion back. */
function rate(thumb) {
  const turn = Number(thumb.closest(".turn").dataset.turn);
  const verdict = thumb.getAttribute("aria-pressed") === "true" ? "none" : thumb.dataset.rate;
  judge({ turn, verdict, reasons: [], words: "" });
}

function judge(said) {
  awaitReply(said.turn);
  server?.rate(said);
}

function rated({ turn, rated: verdict, reasoned }) {
  judged.set(turn, verdict);
  const conversation = here() && recall(here());
  const held = conversation?.turns.find((other) => other?.number === turn);
  if (held) {
    held.verdict = verdict;
    store(here(), conversation);
  }
  paintThumbs();
  const block = feedbackOf(turn);
  if (!block) return;
  const form = block.querySelector("form");
  const thumb = block.querySelector(`[data-rate="${verdict}"]`);
  if (form?.contains(document.activeElement)) (thumb || block.querySelector("[data-rate]")).focus();
  form?.remove();
  block.querySelector(".thanks").textContent = say(verdict === "none" ? "taken_back" : "thanks");
  if (thumb && !reasoned) block.append(reasonsFor(turn, thumb));
}

const feedbackOf = (turn) => document.querySelector(`.turn[data-turn="${turn}"] .feedback`);

function reasonsFor(turn, thumb) {
  const verdict = thumb.dataset.rate;
  const form = element("form", "why", "", { "aria-label": say(`why_${verdict}`) });
  const offered = element("div", "reasons", "", { role: "group", "aria-label": say(`why_${verdict}`) });
  for (const reason of thumb.dataset.reasons.split(" ")) {
    const label = element("label", "reason");
    label.append(element("input", "", "", { type: "checkbox", value: reason }), say(`because_${reason}`));
    offered.append(label);
  }
  const field = element("textarea", "", "", { rows: "2", maxlength: "1000", dir: "auto", "aria-label": say("own_words") });
  field.placeholder = say("own_words");
  form.append(element("p", "ask-why", say(`why_${verdict}`)), offered, field);
  form.append(element("button", "send", say("send"), { type: "submit" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reasons = all(form, "input:checked").map((box) => box.value);
    const words = field.value.trim();
    if (reasons.length || words) judge({ turn, verdict, reasons, words });
    else end();
  });
  const end = () => {
    thumb.focus();
    form.remove();
  };
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
  return form;
}

/* What the server made of it. */
function heed(value) {
  if (!value) return;
  const fact = JSON.parse(value);
  replied(fact.turn);
  if (fact.rated) rated(fact);
  else if (fact.link) shared(fact);
  else if (fact.opened) opened = JSON.parse(fact.opened);
  else if (fact.missing) recalling = false;
  else if (fact.failed) {
    const thanks = feedbackOf(fact.turn)?.querySelector(".thanks");
    if (thanks) thanks.textContent = say(fact.failed);
  }
}
