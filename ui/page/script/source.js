/* From a citation to its sentence and back. */

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
  const bottom = Math.min(box.bottom, innerHeight); // before the page is scrolled the pane ends below it
  if (place.top < box.top + 24 || place.bottom > bottom - 24) {
    const above = Math.max(24, (bottom - box.top - place.height) / 3);
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
