/** The chosen person's WeChat: service notifications, newest first, and what may still come. */
import { byId, element } from "./dom.js";
import { called, inEveryLanguage, t, when } from "./text.js";

/** `open` is called with a message that was tapped. */
export function showInbox(open) {
  let person = null;
  let phone = null;
  let templates = [];
  let fresh = new Set();

  function message(item) {
    const name = element("h3", { className: "message__title" }, item.title);
    const facts = element(
      "dl",
      { className: "message__facts" },
      ...item.fields.map(({ label, value }) =>
        element("div", {}, element("dt", {}, label), element("dd", {}, value)),
      ),
    );
    const more = item.page
      ? element("span", { className: "message__more" }, t("wechat.open"), element("span", { className: "message__arrow", "aria-hidden": "true" }))
      : null;
    const time = element("time", { className: "message__time", dateTime: new Date(item.sent_at * 1000).toISOString() }, when(item.sent_at));
    const inside = [name, facts, more];
    const card = item.page
      ? element("button", { type: "button", className: "message", onclick: () => open(person, item) }, ...inside)
      : element("div", { className: "message" }, ...inside);
    if (fresh.has(item.id)) card.classList.add("message--fresh");
    return element("li", {}, time, card);
  }

  function credits() {
    const left = templates
      .map(({ template_id: id, title, kind }) => ({ title, kind, count: phone.credits[id] ?? 0 }))
      .filter(({ count }) => count > 0);
    const all = left.reduce((sum, { count }) => sum + count, 0);
    if (all === 0) return element("p", { className: "credits credits--none" }, t("wechat.no_credits"));
    return element(
      "details",
      { className: "credits" },
      element("summary", {}, t("wechat.credits", { n: all })),
      element(
        "ul",
        {},
        ...left.map(({ title, count }) => element("li", {}, title, element("span", {}, String(count)))),
      ),
      element("p", {}, t("wechat.credits_note")),
    );
  }

  function draw() {
    const panel = byId("wechat");
    const opened = panel.querySelector("details")?.open ?? false;
    const head = element(
      "header",
      { className: "wechat__head" },
      element("span", { className: "wechat__mark", "aria-hidden": "true" }),
      element(
        "div",
        {},
        element("h2", { className: "wechat__of" }, person ? t("wechat.of", { name: called(person) }) : t("wechat.label")),
        element("p", { className: "wechat__service" }, t("wechat.service")),
      ),
    );
    if (!phone) {
      panel.replaceChildren(head, element("p", { className: "wechat__empty" }, t("wechat.nobody")));
      return;
    }
    const list =
      phone.messages.length > 0
        ? element("ol", { className: "wechat__list" }, ...phone.messages.map(message))
        : element(
            "div",
            { className: "wechat__empty" },
            element("strong", {}, t("wechat.empty_title")),
            element("p", {}, t("wechat.empty_text", { name: called(person) })),
          );
    const foot = credits();
    if (opened) foot.open = true;
    panel.replaceChildren(head, list, foot);
  }

  inEveryLanguage(draw);
  return {
    /** `news`: ids of the messages that came just now. */
    show(whose, state, known, news) {
      person = whose;
      phone = state;
      templates = known;
      fresh = new Set(news);
      draw();
    },
  };
}
