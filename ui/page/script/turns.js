/* Turns as they arrive: the seconds that go by, what a screen reader is told, where the focus stays. */

let server = null; // events of the page's own, by name
let sentAt = -Infinity;

/* Whether an answer is under way, or a question that has not come back yet. */
const busy = () =>
  Boolean(document.querySelector('#current .answer[aria-busy="true"]')) || performance.now() - sentAt < 1_500;

let sent = {}; // what was asked last
let before = null; // the turn that was the newest then; each state of an answer is drawn as another element

const newestTurn = () => document.querySelector("#current .turn");
const isUnheard = () => newestTurn() === before;

/* What goes along with a question: where the server was restarted it knows less than the page shows. */
function noted(asked) {
  sentAt = performance.now();
  before = newestTurn();
  sent = { ...asked, shown: all(document, ".turn").at(-1)?.dataset.turn || 0 };
  putBy();
  return sent;
}

/* Asks; false where another question is being answered. */
function send(asked) {
  if (!server || busy()) return false;
  server.ask(noted(asked));
  return true;
}

let clock = { said: "", since: 0 };

function tick() {
  const shown = document.querySelector("#current .elapsed");
  if (!shown) return;
  const turn = shown.closest(".turn");
  const said = `${turn.id} ${shown.dataset.seconds}`;
  if (clock.said !== said) clock = { said, since: performance.now() };
  const seconds = Number(shown.dataset.seconds) + (performance.now() - clock.since) / 1000;
  const words = say("seconds", { n: Math.floor(seconds) });
  if (shown.textContent !== words) shown.textContent = words;
}
setInterval(tick, 250);

/* A screen reader is told each new sentence once, from a place that Gradio does not redraw. */
let heard = { turn: "", parts: [] };
let recalling = false;

function voice() {
  let log = document.getElementById("voice");
  if (log) return log;
  log = document.createElement("div");
  log.id = "voice";
  log.className = "aside-only";
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "polite");
  document.querySelector("main")?.append(log);
  return log;
}

function speak(turn) {
  const log = voice();
  if (heard.turn !== turn.id) {
    heard = { turn: turn.id, parts: [] };
    log.replaceChildren();
  }
  for (const part of all(turn, ".answer :is(.stage, .sentence, .notice, .refusal h3)")) {
    const copy = part.cloneNode(true);
    for (const link of all(copy, ".cite")) link.remove();
    const text = copy.textContent.trim();
    if (heard.parts.includes(text)) continue;
    heard.parts.push(text);
    if (recalling) continue; // it was heard when it was new
    const line = document.createElement("p");
    line.textContent = text;
    log.append(line);
  }
}

/* What had the focus when Gradio drew the turn anew gets it back. */
let held = "";

document.addEventListener("focusin", ({ target }) => {
  const { cite, back, read } = target.closest?.("#current .turn") ? target.dataset : {};
  held = cite ? `[data-cite="${cite}"]` : back ? `[data-back="${back}"]` : read ? `[data-read="${CSS.escape(read)}"]` : "";
});
document.addEventListener("pointerdown", () => (held = ""));

function refocus(turn) {
  if (held && document.activeElement === document.body) turn.querySelector(held)?.focus({ preventScroll: true });
}

let newest = "";

function arrived() {
  listen();
  sentAt = -Infinity;
  const turn = newestTurn();
  document.body.classList.toggle("talking", Boolean(turn));
  if (turn && turn.id !== newest) {
    newest = turn.id;
    if (turn.id !== "turn-1") turn.scrollIntoView({ block: "start", behavior: motion() });
  }
  if (lit) paint();
  paintThumbs();
  if (!turn) return;
  speak(turn);
  if (recalling) askPending();
  recalling = false;
  refocus(turn);
}

function watch() {
  const current = document.getElementById("current");
  if (!current || !spoken()) return void setTimeout(watch, 50);
  listen();
  new MutationObserver(arrived).observe(current, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["id"],
  });
  voice(); // a region that is there before it is filled is one that is listened to
  arrived(); // a conversation that was kept may have come before
}
document.addEventListener("DOMContentLoaded", watch);
if (document.readyState !== "loading") watch();
