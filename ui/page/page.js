/* What Gradio has no way for: from a citation to its sentence and back, the reader, the seconds that go by.
   Everything is delegated from the document, because Gradio replaces parts of the page as answers arrive. */
(() => {
  "use strict";

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = () => (calm() ? "auto" : "smooth");
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));

  /* -- sentence to source ------------------------------------------------------------------------------------- */

  let lit = null; // {turn, marker}: what is lit now, so that it can be lit again after Gradio has redrawn a turn

  const marksOf = (turn, marker) => all(turn, `.sources mark[data-cites~="${marker}"]`);

  function paint() {
    for (const node of all(document, ".lit")) node.classList.remove("lit");
    const turn = lit && document.getElementById(lit.turn);
    if (!turn) return [];
    const marks = marksOf(turn, lit.marker);
    for (const node of marks) node.classList.add("lit");
    for (const node of all(turn, `[data-cite="${lit.marker}"], [data-back="${lit.marker}"]`))
      node.classList.add("lit");
    marks[0]?.closest(".passage")?.classList.add("lit");
    return marks;
  }

  /* Scrolls the pane only, so that the answer stays where it is being read. */
  function reveal(mark) {
    const pane = mark.closest(".cards");
    if (!pane || pane.scrollHeight <= pane.clientHeight) return false;
    const box = pane.getBoundingClientRect();
    const place = mark.getBoundingClientRect();
    if (place.top < box.top + 24 || place.bottom > box.bottom - 24) {
      const above = Math.max(24, (box.height - place.height) / 3);
      pane.scrollTo({ top: pane.scrollTop + place.top - box.top - above, behavior: motion() });
    }
    return true;
  }

  function light(link) {
    const turn = link.closest(".turn");
    if (!turn) return [];
    lit = { turn: turn.id, marker: link.dataset.cite || link.dataset.back };
    const marks = paint();
    if (marks.length) reveal(marks[0]);
    return marks;
  }

  function visit(link) {
    const [mark] = light(link);
    if (!mark) return;
    const box = mark.getBoundingClientRect();
    const hidden = box.top < 60 || box.bottom > innerHeight - 120;
    if (hidden) mark.scrollIntoView({ block: "center", behavior: motion() });
    mark.closest(".passage")?.querySelector(".number")?.focus({ preventScroll: true });
  }

  function back(number) {
    const cite = number.closest(".turn")?.querySelector(`[data-cite="${number.dataset.back}"]`);
    if (!cite) return;
    light(number);
    cite.scrollIntoView({ block: "nearest", behavior: motion() });
    cite.focus({ preventScroll: true });
  }

  /* -- the reader --------------------------------------------------------------------------------------------- */

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
      '<div class="bar"><button type="button" class="close">Close</button></div><div class="reader-body" tabindex="0"></div>';
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".close")) dialog.close();
    });
    dialog.addEventListener("close", () => {
      if (opener?.isConnected) opener.focus({ preventScroll: true });
    });
    return dialog;
  }

  async function read(button) {
    if (!fetchRelease) return;
    const id = button.dataset.read;
    const { start, end } = (button.closest(".passage")?.querySelector(".number.lit") || button).dataset;
    const dialog = reader();
    const body = dialog.querySelector(".reader-body");
    const turn = ++asked;
    opener = button;
    body.innerHTML = '<h2 id="reader-title">Opening the release…</h2>';
    if (!dialog.open) dialog.showModal();
    let content;
    try {
      content = await fetchRelease({ id, start: Number(start || 0), end: Number(end || 0) });
    } catch {
      content =
        '<h2 id="reader-title">The release could not be fetched</h2><p>The program that serves this page does not answer. Start it again, then reload this page.</p>';
    }
    if (turn !== asked) return;
    body.innerHTML = content;
    const mark = body.querySelector("mark");
    body.focus({ preventScroll: true });
    if (mark) mark.scrollIntoView({ block: "center", behavior: "auto" });
    else body.scrollTop = 0;
  }

  /* -- listening ---------------------------------------------------------------------------------------------- */

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
  /* An empty question is nothing to send; told apart here, it costs no round trip. */
  document.addEventListener(
    "keydown",
    (event) => {
      const box = near(event, "#question textarea");
      if (box && event.key === "Enter" && !event.shiftKey && !box.value.trim()) {
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

  /* -- time that passes, turns that arrive ---------------------------------------------------------------------- */

  let clock = { said: "", since: 0 };

  function tick() {
    const shown = document.querySelector("#current .elapsed");
    if (!shown) return;
    const turn = shown.closest(".turn");
    const said = `${turn.id} ${shown.dataset.seconds}`;
    if (clock.said !== said) clock = { said, since: performance.now() };
    const seconds = Number(shown.dataset.seconds) + (performance.now() - clock.since) / 1000;
    const words = `${Math.floor(seconds)} s`;
    if (shown.textContent !== words) shown.textContent = words;
  }
  setInterval(tick, 250);

  let newest = "";

  function arrived() {
    const turn = document.querySelector("#current .turn");
    document.body.classList.toggle("talking", Boolean(turn));
    if (turn && turn.id !== newest) {
      newest = turn.id;
      if (turn.id !== "turn-1") turn.scrollIntoView({ block: "start", behavior: motion() });
    }
    if (lit) paint();
  }

  function watch() {
    const current = document.getElementById("current");
    if (!current) return void setTimeout(watch, 100);
    new MutationObserver(arrived).observe(current, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["id"],
    });
  }
  document.addEventListener("DOMContentLoaded", watch);
  if (document.readyState !== "loading") watch();

  window.communique = {
    serve: (fetching) => {
      fetchRelease = fetching;
    },
    focusQuestion: () => {
      if (!matchMedia("(pointer: coarse)").matches) document.querySelector("#question textarea")?.focus();
    },
  };
})();
