/* What all parts need: short names, and the phrases that the server speaks to this browser. */

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const motion = () => (calm() ? "auto" : "smooth");
const all = (root, selector) => Array.from(root.querySelectorAll(selector));

const spoken = () => document.querySelector(".masthead");
let phrases = {};

const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), phrases[name] || "");

/* A day or a moment in the page's language; a browser that lacks the language gets it in figures. */
function dated(moment, options) {
  const language = { en: "en-GB" }[document.documentElement.lang] || document.documentElement.lang;
  const known = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  return new Intl.DateTimeFormat(known ? language : "ru", known ? options : { ...options, dateStyle: "short" }).format(moment);
}

/* The server has said in which language it speaks to this browser. */
function listen() {
  const masthead = spoken();
  if (!masthead || phrases.close) return;
  document.documentElement.lang = masthead.dataset.language;
  phrases = JSON.parse(masthead.dataset.words);
}
