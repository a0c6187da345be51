/* The time that counts: the period at the box, the one of an answer, the bars of a timeline. */

/* The two days of a pair of fields, the right way round; the fields show what is sent. */
function days(root) {
  const fields = all(root, "input[type=date]");
  const values = fields.map((field) => field.value);
  if (values[0] && values[1] && values[0] > values[1]) values.reverse();
  fields.forEach((field, place) => {
    if (field.value !== values[place]) field.value = values[place];
  });
  return { since: values[0] || "", until: values[1] || "" };
}

const control = () => document.querySelector("#period .period");
const period = () => (control() ? days(control()) : {});

function sayPeriod() {
  const fold = control();
  if (!fold) return;
  const { since, until } = days(fold);
  const [from, to] = [since, until].map((day) => day && dated(new Date(day), { dateStyle: "medium", timeZone: "UTC" }));
  const both = from && to ? (from === to ? from : `${from} – ${to}`) : "";
  const one = from ? say("from", { day: from }) : to ? say("until", { day: to }) : say("any_time");
  fold.querySelector(".chosen").textContent = both || one;
  fold.classList.toggle("set", Boolean(since || until));
}

function clearPeriod(button) {
  for (const field of all(control(), "input")) field.value = "";
  sayPeriod();
  button.closest("details").querySelector("summary").focus();
}

/* The same question again, in the period that the button names or the chip's fields show. */
function again(button) {
  const { question, again: turn, since, until, own } = button.dataset;
  const chosen = own === undefined ? { since, until } : days(button.closest(".days"));
  // Both fields empty: any time, whatever the question's words say.
  if (own !== undefined && !chosen.since && !chosen.until) chosen.since = own;
  if (send({ question, turn, ...chosen })) focusQuestion();
}

/* A bar of the timeline shows the releases of its time, or hides them. */
function toggle(bar) {
  for (const other of all(bar.closest(".timeline"), "[data-list]")) {
    const open = other === bar && bar.getAttribute("aria-expanded") === "false";
    other.setAttribute("aria-expanded", String(open));
    document.getElementById(other.dataset.list).hidden = !open;
  }
}

function focusQuestion() {
  if (!matchMedia("(pointer: coarse)").matches) document.querySelector("#question textarea")?.focus();
}
