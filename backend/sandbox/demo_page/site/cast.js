/** The people, in groups; each card says whether a message waits there. */
import { byId, element, face } from "./dom.js";
import { called, inEveryLanguage, language, t } from "./text.js";

const GROUPS = ["residents", "units", "law", "volunteering", "governance", "admin"];

/** `choose` is called with a person. Returns how to show who is chosen and what is unread. */
export function showCast(people, choose) {
  const shown = { chosen: null, unread: {} };
  const cards = new Map();

  function card(person) {
    const made = element("button", { type: "button", className: "card", onclick: () => choose(person) });
    cards.set(person.slug, made);
    return made;
  }

  function fill(person) {
    const unread = shown.unread[person.slug] ?? 0;
    const made = cards.get(person.slug);
    made.setAttribute("aria-pressed", String(person.slug === shown.chosen));
    const parts = [
      face(person),
      element(
        "span",
        { className: "card__who" },
        element(
          "span",
          { className: "card__name" },
          person.name,
          language() === "zh-CN" ? null : element("span", { className: "card__sound" }, called(person)),
        ),
        element("span", { className: "card__about" }, person.about[language()]),
      ),
      unread > 0
        ? element(
            "span",
            { className: "dot" },
            element("span", { "aria-hidden": "true" }, String(unread)),
            element("span", { className: "unseen" }, t("cast.unread", { n: unread })),
          )
        : null,
    ];
    made.replaceChildren(...parts.filter((part) => part !== null));
  }

  const groups = GROUPS.map((group) => ({
    group,
    members: people.filter((person) => person.group === group),
    head: element("h3", { className: "cast__group" }),
  })).filter(({ members }) => members.length > 0);

  byId("cast").replaceChildren(
    ...groups.map(({ members, head }) =>
      element(
        "div",
        { className: "group" },
        head,
        element("ul", { className: "group__list" }, ...members.map((person) => element("li", {}, card(person)))),
      ),
    ),
  );

  const update = () => people.forEach(fill);
  inEveryLanguage(() => {
    for (const { group, head } of groups) head.textContent = t(`cast.groups.${group}`);
    update();
  });
  return {
    chosen(slug) {
      shown.chosen = slug;
      update();
      cards.get(slug).scrollIntoView({ block: "nearest", inline: "nearest", behavior: "smooth" });
    },
    unread(counts) {
      shown.unread = counts;
      update();
    },
  };
}
