/* The reader: a whole release in a dialog, the cited sentence lit. */

let fetchRelease = null;
let opener = null;
let asked = 0;

function reader() {
  let dialog = document.getElementById("reader-dialog");
  if (dialog) return dialog;
  dialog = document.createElement("dialog");
  dialog.id = "reader-dialog";
  dialog.setAttribute("aria-labelledby", "reader-title");
  dialog.innerHTML =
    '<div class="bar"><button type="button" class="close"></button></div><div class="reader-body" tabindex="0"></div>';
  dialog.querySelector(".close").textContent = say("close");
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });
  /* The browser tells of the closing a moment later: whoever is typing elsewhere by then stays there. */
  dialog.addEventListener("close", () => {
    if (document.activeElement === document.body && opener?.isConnected) opener.focus({ preventScroll: true });
  });
  return dialog;
}

const told = (name) => `<h2 id="reader-title">${say(name)}</h2>`;

async function read(button) {
  if (!fetchRelease) return;
  const id = button.dataset.read;
  const { start, end } = (button.closest(".passage")?.querySelector(".number.lit") || button).dataset;
  const dialog = reader();
  const body = dialog.querySelector(".reader-body");
  const turn = ++asked;
  opener = button;
  body.innerHTML = told("opening");
  if (!dialog.open) dialog.showModal();
  let content;
  try {
    const language = document.documentElement.lang;
    content = await fetchRelease({ id, start: Number(start || 0), end: Number(end || 0), language });
  } catch {
    content = `${told("unreachable")}<p>${say("unreachable_text")}</p>`;
  }
  if (turn !== asked) return;
  body.innerHTML = content;
  const mark = body.querySelector("mark");
  body.focus({ preventScroll: true });
  if (mark) mark.scrollIntoView({ block: "center", behavior: "auto" });
  else body.scrollTop = 0;
}
