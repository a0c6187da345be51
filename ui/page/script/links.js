/* A link to one answer: stored by the server, named by the address, opened in its place. */

const LINKED = "answer"; // the word of the address that names a stored answer
const linked = () => new URLSearchParams(location.search).get(LINKED);

let opened = null; // the answer that a link shows, until it becomes the first turn of a conversation

/* The address without the answer: what is said next is another conversation. */
function plainAddress() {
  const address = new URL(location.href);
  address.searchParams.delete(LINKED);
  return address;
}

function share(button) {
  const turn = Number(button.closest(".turn").dataset.turn);
  awaitReply(turn);
  server?.shelve({ turn });
}

async function shared({ turn, link }) {
  const address = plainAddress();
  address.searchParams.set(LINKED, link);
  address.hash = "";
  const button = document.querySelector(`.turn[data-turn="${turn}"] [data-link]`);
  if (!button) return;
  const copied = await toClipboard(address.href);
  if (copied) flash(button, say("link_copied"));
  button.closest(".turn").querySelector(".thanks").textContent = copied ? say("link_copied") : address.href;
}

/* The conversation that the turns to be kept belong to begins with the answer that was opened. */
function beginning() {
  if (!opened) return null;
  const turn = opened;
  opened = null;
  history.replaceState(null, "", plainAddress());
  return { name: turn.question, turns: [turn] };
}
