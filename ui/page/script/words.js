/* What all parts need: short names, and the phrases that the server speaks to this browser. */

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const motion = () => (calm() ? "auto" : "smooth");
const all = (root, selector) => Array.from(root.querySelectorAll(selector));

const spoken = () => document.querySelector(".masthead");
let phrases = {};

const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), phrases[name] || "");

/* A day or a moment in the page's language. Chromium claims to know Kazakh, but has no names of months for it: figures. */
function dated(moment, options) {
  const language = document.documentElement.lang;
  if (language === "kk") return new Intl.DateTimeFormat("ru", { ...options, dateStyle: "short" }).format(moment);
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options).format(moment);
}

/* The server has said in which language it speaks to this browser. */
function listen() {
  const masthead = spoken();
  if (!masthead || phrases.close) return;
  document.documentElement.lang = masthead.dataset.language;
  phrases = JSON.parse(masthead.dataset.words);
}
