/** Puts the page together and keeps it up to date. */
import { showCast } from "./cast.js";
import { byId, element } from "./dom.js";
import { showInbox } from "./inbox.js";
import { begin, recall, remember } from "./memory.js";
import { makePhones } from "./phones.js";
import { called, chooseLanguage, inEveryLanguage, language, LANGUAGES, loadTexts, t } from "./text.js";
import { showWalk } from "./walk.js";
import { playWeChat } from "./wechat.js";

const EVERY_MS = 2000;
const ONE_COLUMN = matchMedia("(max-width: 740px)");

const { service_origin: serviceOrigin, run, people } = await (await fetch("/demo/cast")).json();
begin(run);
await loadTexts();

let chosen = null;
let state = null;
let etag = null;
/** Of each person the newest message that was seen; null until the first look. */
let seen = recall("seen");

const phones = makePhones(serviceOrigin);
const cast = showCast(people, choose);
const walk = showWalk(people, choose);
const inbox = showInbox((person, message) => choose(person, message.page));
playWeChat(phones, serviceOrigin);

function choose(person, page) {
  chosen = person;
  history.replaceState(null, "", `#${person.slug}`);
  phones.show(person, page);
  cast.chosen(person.slug);
  walk.chosen(person.slug);
  if (state) showMessages();
  if (ONE_COLUMN.matches) byId("phone").scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** The chosen person's messages are seen by being shown; the others' are counted on their cards. */
function showMessages() {
  const arrived = ({ slug }) => state.phones[slug].messages.filter(({ id }) => id > (seen[slug] ?? 0));
  if (chosen) {
    const news = arrived(chosen).map(({ id }) => id);
    inbox.show(chosen, state.phones[chosen.slug], state.templates, news);
    seen[chosen.slug] = Math.max(0, ...state.phones[chosen.slug].messages.map(({ id }) => id));
    remember("seen", seen);
  }
  cast.unread(Object.fromEntries(people.map((person) => [person.slug, arrived(person).length])));
}

/** Tell readers of the screen what came, and to whom. */
function announce(before) {
  const news = people.flatMap((person) => {
    const [newest] = state.phones[person.slug].messages;
    if (!newest || newest.id === before.phones[person.slug].messages[0]?.id) return [];
    return [t("wechat.arrived", { name: called(person), title: newest.title })];
  });
  if (news.length > 0) byId("news").replaceChildren(...news.map((line) => element("p", {}, line)));
}

async function look() {
  const answer = await fetch("/demo/phones");
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  // The browser asks with If-None-Match and gives us the old answer when nothing changed.
  if (answer.headers.get("ETag") === etag) return;
  const before = state;
  state = await answer.json();
  etag = answer.headers.get("ETag");
  seen ??= Object.fromEntries(people.map(({ slug }) => [slug, state.phones[slug].messages[0]?.id ?? 0]));
  if (before) announce(before);
  showMessages();
}

async function keepLooking() {
  if (!document.hidden) {
    try {
      await look();
      byId("failed").hidden = true;
    } catch {
      byId("failed").hidden = false;
    }
  }
  setTimeout(keepLooking, EVERY_MS);
}

function welcome() {
  byId("glass").querySelector(".welcome")?.remove();
  if (chosen) return;
  const [first] = people;
  byId("glass").append(
    element(
      "div",
      { className: "welcome" },
      element("span", { className: "welcome__seal", "aria-hidden": "true" }, t("seal")),
      element("h2", {}, t("phone.empty_title")),
      element("p", {}, t("phone.empty_text")),
      element(
        "button",
        { type: "button", className: "button button--pine", onclick: () => choose(first) },
        t("phone.start", { name: called(first) }),
      ),
    ),
  );
}

inEveryLanguage(() => {
  byId("languages").replaceChildren(
    ...LANGUAGES.map((name) =>
      element(
        "button",
        {
          type: "button",
          className: "languages__one",
          lang: name,
          "aria-pressed": String(name === language()),
          onclick: () => chooseLanguage(name),
        },
        t(`language.${name}`),
      ),
    ),
  );
});
const remembered = people.find(({ slug }) => slug === location.hash.slice(1));
if (remembered) choose(remembered);
inEveryLanguage(welcome);
keepLooking();
