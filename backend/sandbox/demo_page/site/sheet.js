/** WeChat's own questions, drawn over the phone that asks. */
import { element } from "./dom.js";
import { t } from "./text.js";

let lastId = 0;

/**
 * Rise over the phone, hold the page beneath, and resolve to what `answer` makes of a yes, or to
 * null when refused, closed with Escape, or when the mini-program was started again.
 */
function rise(phone, { title, content, deny, answer }) {
  phone.sheet?.close();
  return new Promise((resolve) => {
    const heading = `sheet-${++lastId}`;
    const finish = (value) => {
      layer.remove();
      phone.frame.inert = false;
      phone.sheet = null;
      resolve(value);
    };
    const no = element("button", { type: "button", className: "button button--plain", onclick: () => finish(null) }, deny);
    const yes = element(
      "button",
      { type: "button", className: "button button--wechat", onclick: () => finish(answer()) },
      t("sheet.allow"),
    );
    const panel = element(
      "div",
      { className: "sheet__panel", role: "dialog", "aria-modal": "true", "aria-labelledby": heading, tabIndex: -1 },
      element(
        "p",
        { className: "sheet__who" },
        element("span", { className: "sheet__seal", "aria-hidden": "true" }, t("seal")),
        t("sheet.who", { product: t("product") }),
      ),
      element("h2", { className: "sheet__title", id: heading }, title),
      ...content,
      element("div", { className: "sheet__buttons" }, no, yes),
    );
    const layer = element("div", { className: "sheet" }, panel);
    layer.addEventListener("keydown", (event) => {
      if (event.key === "Escape") finish(null);
    });
    phone.sheet = { close: () => finish(null), focus: () => panel.focus() };
    phone.frame.inert = true;
    phone.screen.append(layer);
    if (!phone.screen.hidden) panel.focus();
  });
}

/** `{choices: {template id: accept|reject}, keep}`; refusing is a reject of each. */
export async function askForMessages(phone, templates) {
  const boxes = templates.map(({ template_id: id, title }) => ({
    id,
    title,
    box: element("input", { type: "checkbox", checked: true }),
  }));
  const keep = element("input", { type: "checkbox" });
  const every = (outcome) => Object.fromEntries(boxes.map(({ id, box }) => [id, outcome(box)]));
  const agreed = await rise(phone, {
    title: t("sheet.subscribe.title"),
    deny: t("sheet.deny"),
    content: [
      element(
        "ul",
        { className: "sheet__list" },
        ...boxes.map(({ title, box }) => element("li", {}, element("label", { className: "pick" }, title, box))),
      ),
      element("p", { className: "sheet__text" }, t("sheet.subscribe.text")),
      element("label", { className: "keep" }, keep, t("sheet.subscribe.keep")),
    ],
    answer: () => every((box) => (box.checked ? "accept" : "reject")),
  });
  return { choices: agreed ?? every(() => "reject"), keep: keep.checked };
}

/** Whether the person hands over their number. */
export async function askForNumber(phone) {
  const agreed = await rise(phone, {
    title: t("sheet.phone.title"),
    deny: t("sheet.phone.deny"),
    content: [
      element(
        "p",
        { className: "sheet__number" },
        element("strong", {}, phone.person.phone),
        element("span", {}, t("sheet.phone.bound")),
      ),
    ],
    answer: () => true,
  });
  return agreed === true;
}
