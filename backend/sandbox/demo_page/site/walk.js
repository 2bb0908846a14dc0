/** The suggested walk, each step on somebody's phone. */
import { byId, element, face } from "./dom.js";
import { recall, remember } from "./memory.js";
import { called, inEveryLanguage, t } from "./text.js";

const STEPS = [
  { step: "report", who: "lixiuying" },
  { step: "ask", who: "chenwei" },
  { step: "supply", who: "lixiuying" },
  { step: "reply", who: "chenwei" },
  { step: "judge", who: "lixiuying" },
  { step: "dispatch", who: "yangguang" },
  { step: "advice", who: "lixiuying" },
  { step: "answer", who: "yangxuemei" },
  { step: "publish", who: "wujianguo" },
];

/** `choose` is called with the person a step is done by. */
export function showWalk(people, choose) {
  const steps = STEPS.map(({ step, who }) => ({ step, person: people.find(({ slug }) => slug === who) }));
  let current = Math.min(recall("step") ?? 0, steps.length - 1);
  let chosen = null;

  function goTo(index) {
    current = index;
    remember("step", index);
    draw();
    byId("walk").querySelector("[aria-current] .step__title").focus({ preventScroll: true });
  }

  function action(index) {
    const { person } = steps[index];
    if (person.slug !== chosen) {
      return element(
        "button",
        { type: "button", className: "button button--pine", onclick: () => choose(person) },
        t("walk.go", { name: called(person) }),
      );
    }
    const last = index === steps.length - 1;
    return element(
      "button",
      { type: "button", className: "button button--line", onclick: () => goTo(last ? 0 : index + 1) },
      t(last ? "walk.again" : "walk.next"),
    );
  }

  function row({ step, person }, index) {
    const now = index === current;
    const done = index < current;
    const title = element(
      "button",
      { type: "button", className: "step__title", "aria-expanded": String(now), onclick: () => goTo(index) },
      element("span", { className: "step__number", "aria-hidden": "true" }, done ? "" : String(index + 1)),
      element("span", { className: "step__name" }, t(`walk.steps.${step}.title`)),
      done ? element("span", { className: "unseen" }, t("walk.done")) : null,
      face(person),
    );
    return element(
      "li",
      { className: `step${done ? " step--done" : ""}`, "aria-current": now ? "step" : null },
      title,
      now
        ? element("div", { className: "step__body" }, element("p", {}, t(`walk.steps.${step}.text`)), action(index))
        : null,
    );
  }

  function draw() {
    byId("walk").replaceChildren(
      element(
        "header",
        { className: "walk__head" },
        element("h2", {}, t("walk.label")),
        element("p", {}, t("walk.place", { n: current + 1, all: steps.length })),
      ),
      element("ol", { className: "walk__steps" }, ...steps.map(row)),
      element("p", { className: "walk__note" }, t("walk.language_note")),
    );
  }

  inEveryLanguage(draw);
  return {
    chosen(slug) {
      chosen = slug;
      draw();
    },
  };
}
