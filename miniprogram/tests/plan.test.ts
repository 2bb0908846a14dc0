import { describe, expect, it } from "vitest";
import type { PlanRule } from "@/api/adviser";
import { exceptionOf, faultOf, freshException } from "@/domain/exceptions";
import { blankRule, inOrder, isSound, meetingsIn, problemsOf, toSend } from "@/domain/plan";

const TODAY = "2026-11-24";
const rule = (changes: Partial<PlanRule> = {}): PlanRule => ({ ...blankRule(TODAY), place: "村委会", ...changes });

describe("a weekly plan", () => {
  it.each([
    ["09:00", "11:30", 30, 10, 4],
    ["09:00", "09:30", 30, 10, 1],
    ["09:00", "09:29", 30, 0, 0],
    ["09:00", "24:00", 60, 0, 15],
  ])("from %s to %s, %i minutes each with %i between: %i meetings", (starts, ends, slot_minutes, buffer_minutes, n) => {
    expect(meetingsIn(rule({ starts, ends, slot_minutes, buffer_minutes }))).toBe(n);
  });

  it("marks each row that overlaps, with the other one", () => {
    const rows = [rule(), rule({ weekday: 2 }), rule({ starts: "11:00", ends: "12:00" })];
    expect(problemsOf(rows)).toEqual([[{ problem: "overlaps", other: 3 }], [], [{ problem: "overlaps", other: 1 }]]);
  });

  it("lets rows touch, and follow each other in time", () => {
    expect(isSound([rule(), rule({ starts: "11:30", ends: "12:30" })])).toBe(true);
    expect(isSound([rule({ valid_until: "2026-12-31" }), rule({ valid_from: "2027-01-01" })])).toBe(true);
    expect(isSound([rule({ valid_until: "2027-01-01" }), rule({ valid_from: "2027-01-01" })])).toBe(false);
  });

  it.each([
    [{ starts: "12:00" }, "hours"],
    [{ ends: "09:20" }, "too_short"],
    [{ modes: [] }, "no_mode"],
    [{ place: "  " }, "no_place"],
    [{ valid_until: "2026-11-01" }, "validity"],
  ] as [Partial<PlanRule>, string][])("says what is wrong: %j is %s", (changes, problem) => {
    expect(problemsOf([rule(changes)])[0]!.map((found) => found.problem)).toContain(problem);
  });

  it("goes on with the next day when a row is added", () => {
    const last = rule({ weekday: 7, place: "便民中心" });
    expect(blankRule(TODAY, last)).toMatchObject({ weekday: 1, place: "便民中心", modes: last.modes });
    expect(blankRule(TODAY, last).modes).not.toBe(last.modes);
  });

  it("is sent by weekday and hour, with a place only where people come", () => {
    const rows = [rule({ weekday: 3 }), rule({ starts: "14:00", ends: "15:00" }), rule({ modes: ["phone"] })];
    expect(inOrder(rows).map(({ weekday, starts }) => [weekday, starts])).toEqual([[1, "09:00"], [1, "14:00"], [3, "09:00"]]);
    expect(toSend([rule({ modes: ["phone"] })])[0]!.place).toBeNull();
    expect(toSend([rule({ place: " 村委会 " })])[0]!.place).toBe("村委会");
  });
});

describe("a time off the plan", () => {
  const form = freshException(TODAY);

  it("blocks whole days up to the end of the last", () => {
    expect(exceptionOf("closed", { ...form, to_on: "2026-11-25", reason: " 开庭 " })).toEqual({
      kind: "closed",
      starts_at: "2026-11-24T00:00:00+08:00",
      ends_at: "2026-11-26T00:00:00+08:00",
      reason: "开庭",
    });
  });

  it("adds hours with all that a row of the plan says", () => {
    const extra = { ...form, starts: "14:00", ends: "16:00", place: "集市" };
    expect(faultOf("extra", extra)).toBe("");
    expect(exceptionOf("extra", extra)).toMatchObject({
      starts_at: "2026-11-24T14:00:00+08:00",
      slot_minutes: 30,
      modes: ["in_person", "phone"],
      place: "集市",
      reason: null,
    });
  });

  it("says what is wrong", () => {
    expect(faultOf("closed", { ...form, to_on: "2026-11-23" })).toBe("hours");
    expect(faultOf("extra", { ...form, starts: "12:00" })).toBe("hours");
    expect(faultOf("extra", { ...form, modes: [] })).toBe("no_mode");
    expect(faultOf("extra", form)).toBe("no_place");
    expect(faultOf("extra", { ...form, modes: ["phone"] })).toBe("");
  });
});
