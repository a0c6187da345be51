/* Where the program that serves the page does not answer: told in plain words, also at the button that was pressed. */

const PATIENCE = 5_000; // milliseconds for a reply to a thumb or a link
const awaited = new Map(); // turn number -> timer of what was asked for it
let isLost = false; // for good: when the program answers again Gradio loads the page anew

function awaitReply(turn) {
  replied(turn);
  if (isLost) return unanswered(turn, "lost_text");
  awaited.set(turn, setTimeout(() => unanswered(turn, "unreachable_text"), PATIENCE));
}

function replied(turn) {
  clearTimeout(awaited.get(turn));
  awaited.delete(turn);
}

function unanswered(turn, phrase) {
  replied(turn);
  const thanks = feedbackOf(turn)?.querySelector(".thanks");
  if (thanks) thanks.textContent = say(phrase);
}

/* Who leaves or reloads breaks the connection too, which is no loss: the answer under way is given up. */
let isLeaving = false;
window.addEventListener("beforeunload", () => (isLeaving = true));
window.addEventListener("pageshow", () => (isLeaving = false));

function lose() {
  if (isLeaving) return;
  isLost = true;
  for (const turn of [...awaited.keys()]) unanswered(turn, "lost_text");
  putBy();
}

/* A question that nobody heard is asked once the page has been loaded anew. */
function putBy() {
  if (isLost && sent.question?.trim() && (isUnheard() || busy())) tab.setItem(PENDING, JSON.stringify(sent));
}

/* Gradio tells of a lost connection, and of what nobody foresaw, in English. */
const LOST = "Connection to the server was lost";

function translate(note) {
  const text = note.querySelector(".toast-message-text");
  const title = note.querySelector(".toast-title")?.firstChild;
  if (!text || text.dataset.said === text.textContent) return;
  const kind = text.textContent.includes(LOST) ? "lost" : "trouble";
  const detail = kind === "lost" ? "" : text.textContent.trim();
  text.textContent = text.dataset.said = `${say(`${kind}_text`)} ${detail}`.trim();
  if (title) title.textContent = `${say(kind)} `;
  // A moment later, as Gradio hears first that the reader leaves, and breaks the connection before we hear of it.
  if (kind === "lost") setTimeout(lose);
}

function watchNotes() {
  const notes = document.querySelector(".toast-wrap");
  if (!notes) return void setTimeout(watchNotes, 500);
  new MutationObserver(() => all(notes, ".toast-body.error").forEach(translate)).observe(notes, {
    childList: true,
    subtree: true,
  });
}
watchNotes();
