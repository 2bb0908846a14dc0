/** The page's sentences: one catalogue per language, both loaded at the start. */
import { recall, remember } from "./memory.js";

export const LANGUAGES = ["zh-CN", "en"];

const catalogues = {};
const listeners = [];
let current = "zh-CN";

export async function loadTexts() {
  const load = async (name) => (await fetch(`/demo/text/${name}.json`)).json();
  const loaded = await Promise.all(LANGUAGES.map(load));
  LANGUAGES.forEach((name, index) => (catalogues[name] = loaded[index]));
  const reader = navigator.language.startsWith("zh") ? "zh-CN" : "en";
  use(LANGUAGES.includes(recall("language")) ? recall("language") : reader);
}

export const language = () => current;

/** Runs now and whenever another language is chosen. */
export function inEveryLanguage(show) {
  listeners.push(show);
  show();
}

export function chooseLanguage(name) {
  remember("language", name);
  use(name);
}

function use(name) {
  current = name;
  document.documentElement.lang = name;
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = t(node.dataset.text);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", t(node.dataset.label));
  }
  for (const show of listeners) show();
}

/** The sentence for a dotted key; `{name}` is filled from `values`. */
export function t(key, values = {}) {
  const sentence = key.split(".").reduce((part, name) => part[name], catalogues[current]);
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A person's name; readers of English also get how it sounds. */
export function called(person) {
  if (current === "zh-CN") return person.name;
  return person.slug[0].toUpperCase() + person.slug.slice(1);
}

/** When something happened: the time today, else the day too. */
export function when(seconds) {
  const moment = new Date(seconds * 1000);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const write = (shape) => new Intl.DateTimeFormat(current, shape).format(moment);
  if (moment.toDateString() === new Date().toDateString()) {
    return t("wechat.today", { time: write(time) });
  }
  return write({ month: "short", day: "numeric", ...time });
}
