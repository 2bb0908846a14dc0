import { describe, expect, it } from "vitest";
import { STAFF_ACTIONS } from "@/domain/actions";
import { bodyOf, emptyForm, fieldsOf, hasFields, missing, OUTCOMES, type ActionForm, type Evidence } from "@/domain/forms";
import en from "@/locales/workbench/en.json";
import zh from "@/locales/workbench/zh-CN.json";

const NONE: Evidence = { ids: [], unfinished: false };
const ONE: Evidence = { ids: ["a1"], unfinished: false };
const UNIT = { id: "u2", name: "水务" };

const filled = (changes: Partial<ActionForm>): ActionForm => ({ ...emptyForm(), ...changes });
const lacks = (action: (typeof STAFF_ACTIONS)[number], form = emptyForm(), photos = NONE) => Object.keys(missing(action, form, photos));

describe("what is missing", () => {
  it("is everything an action needs, and blanks are nothing", () => {
    const blank = filled({ reason: "  ", items: [{ label: " ", kind: "photo", note: "村委会" }] });
    expect(lacks("accept")).toEqual([]);
    expect(lacks("not-accept", blank)).toEqual(["reason", "where_to_go"]);
    expect(lacks("ask", blank)).toEqual(["items"]);
    expect(lacks("assign", blank)).toEqual(["to"]);
    expect(lacks("dispute", blank)).toEqual(["reason"]);
    expect(lacks("rule", blank)).toEqual(["unit", "reason"]);
    expect(lacks("open-task", blank)).toEqual(["unit", "text", "due_on"]);
    expect(lacks("defer", blank)).toEqual(["until_on", "text"]);
    expect(lacks("merge", blank)).toEqual(["into"]);
    expect(lacks("decide-extension", blank)).toEqual(["granted"]);
    expect(lacks("direct", blank)).toEqual(["text"]);
    expect(lacks("cancel-task", blank)).toEqual([]);
  });

  it("depends on the outcome: fixed is shown, explained names its rule, referred says to whom", () => {
    const said = { text: "好了" };
    expect(lacks("reply")).toEqual(["outcome", "text"]);
    expect(lacks("reply", filled({ ...said, outcome: "fixed" }))).toEqual(["photos"]);
    expect(lacks("reply", filled({ ...said, outcome: "fixed" }), ONE)).toEqual([]);
    expect(lacks("reply", filled({ ...said, outcome: "explained" }))).toEqual(["basis"]);
    expect(lacks("reply", filled({ ...said, outcome: "referred" }))).toEqual(["referred_to", "referred_contact"]);
  });

  it("is a photo that has not arrived, whether it was needed or not", () => {
    expect(missing("answer-task", filled({ text: "查过了" }), { ids: ["a1"], unfinished: true })).toEqual({ photos: "unfinished" });
  });
});

describe("what is sent", () => {
  it("is what the API takes, trimmed, without what was left blank", () => {
    const form = filled({ unit: UNIT, note: " 请尽快 ", reason: " 不归我们 ", text: " 修好了 ", due_on: "2026-12-01" });
    expect(bodyOf("accept", form, ONE)).toEqual({});
    expect(bodyOf("assign", form, NONE)).toEqual({ unit_id: "u2", note: "请尽快" });
    expect(bodyOf("assign", { ...form, mode: "member", member: { id: "p1", name: "陈伟" }, note: "" }, NONE)).toEqual({ handler_id: "p1" });
    expect(bodyOf("dispute", { ...form, unit: null }, NONE)).toEqual({ reason: "不归我们" });
    expect(bodyOf("open-task", form, NONE)).toEqual({ unit_id: "u2", text: "修好了", due_on: "2026-12-01" });
    expect(bodyOf("decide-extension", filled({ granted: "no", note: "再催" }), NONE)).toEqual({ granted: false, note: "再催" });
    expect(bodyOf("merge", filled({ into: { id: "LS-1", name: "路灯" } }), NONE)).toEqual({ into: "LS-1" });
    expect(bodyOf("cancel-task", filled({}), NONE)).toEqual({});
  });

  it("of the list are its named items", () => {
    const items: ActionForm["items"] = [
      { label: " 合同 ", kind: "photo", note: " 村委会有 " },
      { label: "", kind: "text", note: "" },
      { label: "地块编号", kind: "text", note: "" },
    ];
    expect(bodyOf("ask", filled({ items }), NONE)).toEqual({
      items: [
        { label: "合同", kind: "photo", note: "村委会有" },
        { label: "地块编号", kind: "text" },
      ],
    });
  });

  it("of a reply is only what belongs to its outcome", () => {
    const form = filled({ outcome: "explained", text: "不能装", basis: "条例第三条", referred_to: "水务局" });
    expect(bodyOf("reply", form, ONE)).toEqual({ outcome: "explained", text: "不能装", basis: "条例第三条", attachment_ids: ["a1"] });
  });
});

describe("every field", () => {
  it("has a name in both languages, and a sentence for when it is missing where it is needed", () => {
    for (const catalogue of [zh, en])
      for (const action of STAFF_ACTIONS)
        for (const outcome of OUTCOMES)
          for (const field of fieldsOf(action, filled({ outcome }))) {
            const words = (catalogue.form as Record<string, Record<string, Record<string, string>>>)[action]?.[field.name];
            expect(words?.label, `${action} ${field.name}`).toBeTruthy();
            if (field.required) expect(words?.missing, `${action} ${field.name}`).toBeTruthy();
          }
  });

  it("is one that can be lost", () => {
    expect(hasFields("start")).toBe(false);
    expect(hasFields("reply")).toBe(true);
  });
});
