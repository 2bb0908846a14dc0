/** One phone per person, all kept running; only the chosen one is seen. */
import { byId, element } from "./dom.js";
import { called, inEveryLanguage, t } from "./text.js";

export function makePhones(serviceOrigin) {
  const phones = new Map();
  let chosen = null;

  const address = (person, page = "") =>
    `${serviceOrigin}/?phone=${encodeURIComponent(person.slug)}#/${page.replace(/^\//, "")}`;

  function make(person, page) {
    const frame = element("iframe", { className: "screen__frame", src: address(person, page) });
    const opening = element("p", { className: "screen__opening", role: "status" });
    const screen = element("div", { className: "screen" }, opening, frame);
    const phone = { person, frame, screen, opening, sheet: null };
    frame.addEventListener("load", () => {
      opening.remove();
      phone.sheet?.close();
    });
    byId("glass").append(screen);
    phones.set(person.slug, phone);
    return phone;
  }

  function name() {
    byId("phone").setAttribute("aria-label", chosen ? t("phone.label", { name: called(chosen) }) : t("phone.empty_title"));
    for (const { person, frame, opening } of phones.values()) {
      frame.title = t("phone.label", { name: called(person) });
      opening.textContent = t("phone.opening", { name: called(person) });
    }
  }
  inEveryLanguage(name);

  return {
    /** The phone whose frame sent something, if it is one of ours. */
    from: (source) => [...phones.values()].find(({ frame }) => frame.contentWindow === source),

    /** Show a person's phone, at a page of the mini-program if one is given. */
    show(person, page) {
      chosen = person;
      byId("glass").querySelector(".welcome")?.remove();
      const there = phones.get(person.slug);
      const phone = there ?? make(person, page);
      // Only what follows the # changes: the mini-program goes there and is not started again, and
      // the browser's "back" knows nothing of it.
      if (there && page) there.frame.contentWindow.location.replace(address(person, page));
      for (const other of phones.values()) other.screen.hidden = other !== phone;
      phone.sheet?.focus();
      name();
    },
  };
}
