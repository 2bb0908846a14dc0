import { expect, it } from "vitest";
import type { RequestView } from "@/api/types";
import { flagsOf } from "@/domain/flags";

const event = (seq: number, kind: string, text: string | null = null) => ({ seq, kind, text, data: kind === "escalated" ? { share: 80 } : {}, at: `2026-11-2${seq}T10:00:00+08:00` });
const view = (changes: object): RequestView =>
  ({ state: "in_progress", timeline: [], about: [], extension: null, outcome: null, ...changes }) as unknown as RequestView;
const names = (changes: object) => flagsOf(view(changes), "、").map(({ name }) => name);

it("nothing is flagged on an ordinary request", () => {
  expect(names({})).toEqual([]);
});

it("the gravest comes first", () => {
  const timeline = [event(1, "reminded"), event(2, "escalated"), event(3, "second_list"), event(4, "danger_flagged")];
  expect(names({ timeline, about: [{ unit_name: "村委会", person_name: null }] })).toEqual([
    "danger",
    "complaint",
    "second_list",
    "escalated.80",
    "reminded",
  ]);
});

it("a complaint says whom it is about, unit or person", () => {
  const about = [
    { unit_name: "村委会", person_name: null },
    { unit_name: null, person_name: "张三" },
  ];
  expect(flagsOf(view({ about }), "、")[0]!.params).toEqual({ whom: "村委会、张三" });
});

it("reminders are counted, and the last words stand there", () => {
  const [flag] = flagsOf(view({ timeline: [event(1, "reminded", "请快点"), event(2, "reminded", "三天了")] }), "、");
  expect(flag).toMatchObject({ params: { n: 2 }, text: "三天了", at: "2026-11-22T10:00:00+08:00" });
});

it("what was said of the time is over once there is new time", () => {
  expect(names({ timeline: [event(1, "escalated"), event(2, "extension_granted")] })).toEqual([]);
  expect(names({ timeline: [event(1, "extension_granted"), event(2, "escalated")] })).toEqual(["escalated.80"]);
});

it("more time is flagged only until it is decided", () => {
  const extension = { state: "pending", reason: "等材料", asked_at: "2026-11-20T10:00:00+08:00" };
  expect(names({ extension })).toEqual(["extension"]);
  expect(names({ extension: { ...extension, state: "granted" } })).toEqual([]);
});

it("what was put off or merged says until when and with what, while it is so", () => {
  const outcome = { kind: "deferred", until_on: "2027-03-15", duplicate_of: null };
  expect(flagsOf(view({ state: "deferred", outcome }), "、")[0]!.params).toEqual({ day: "2027-03-15" });
  expect(names({ state: "in_progress", outcome })).toEqual([]);
  expect(names({ state: "merged", outcome: { kind: "duplicate", until_on: null, duplicate_of: "LS-1" } })).toEqual(["merged"]);
});

it("nothing presses once it is closed, but a complaint stays protected", () => {
  const timeline = [event(1, "reminded"), event(2, "danger_flagged")];
  expect(names({ state: "confirmed", timeline, about: [{ unit_name: "村委会", person_name: null }] })).toEqual(["complaint"]);
});
