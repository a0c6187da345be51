/* What Gradio has no way for: from a citation to its sentence and back, the reader, the period, the seconds that go by.
   Everything is delegated from the document, because Gradio replaces parts of the page as answers arrive. */
(() => {
  "use strict";

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = () => (calm() ? "auto" : "smooth");
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));

  /* -- words ---------------------------------------------------------------------------------------------------- */

  const spoken = () => document.querySelector(".masthead");
  let phrases = {};

  const say = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), phrases[name] || "");

  /* The server has said in which language it speaks to this browser. */
  function listen() {
    const masthead = spoken();
    if (!masthead || phrases.close) return;
    document.documentElement.lang = masthead.dataset.language;
    phrases = JSON.parse(masthead.dataset.words);
  }

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
  let ask = null;
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
    dialog.addEventListener("close", () => {
      if (opener?.isConnected) opener.focus({ preventScroll: true });
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

  /* -- time ----------------------------------------------------------------------------------------------------- */

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
    const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });
    const [from, to] = [since, until].map((day) => day && form.format(new Date(day)));
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

  /* The same question in another period: the one in the chip's fields, or the one that its button names. */
  function again(button) {
    const own = "own" in button.dataset ? days(button.closest(".days")) : { since: button.dataset.since, until: "" };
    const any = "0001-01-01"; // both fields empty: any time, whatever the question's words say
    ask?.({ question: button.dataset.question, turn: button.dataset.again, ...own, since: own.since || (own.until ? "" : any) });
    focusQuestion();
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
  const acts = {
    "[data-ask]": (button) => {
      ask?.({ question: button.dataset.ask, ...period() });
      focusQuestion();
    },
    "[data-again]": again,
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
    const words = say("seconds", { n: Math.floor(seconds) });
    if (shown.textContent !== words) shown.textContent = words;
  }
  setInterval(tick, 250);

  /* -- what is heard, where the focus stays ----------------------------------------------------------------------- */

  /* A screen reader is told each new sentence once, from a place that Gradio does not redraw. */
  let heard = { turn: "", parts: [] };

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
    const turn = document.querySelector("#current .turn");
    document.body.classList.toggle("talking", Boolean(turn));
    if (turn && turn.id !== newest) {
      newest = turn.id;
      if (turn.id !== "turn-1") turn.scrollIntoView({ block: "start", behavior: motion() });
    }
    if (lit) paint();
    if (!turn) return;
    speak(turn);
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
  }
  document.addEventListener("DOMContentLoaded", watch);
  if (document.readyState !== "loading") watch();

  window.communique = {
    serve: (fetching, asking) => {
      fetchRelease = fetching;
      ask = asking;
    },
    /* What goes with a question that is sent; the button that sent it is about to go, so the focus moves on. */
    sent: (question, session) => {
      focusQuestion();
      return [question, session, period()];
    },
    focusQuestion,
  };
})();
