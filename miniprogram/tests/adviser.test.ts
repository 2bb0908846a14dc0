import { describe, expect, it } from "vitest";
import type { AgendaItem, Draft, Finding, LedgerEntry, PlanException } from "@/api/adviser";
import type { Grant } from "@/api/types";
import { exceptionsOn, limitationLeft, named, plannedMinutes, without } from "@/domain/agenda";
import { original, published } from "@/domain/anonymised";
import { advises, answersLate, hasWorkbench, oversees } from "@/domain/desks";
import { isCertain, lacking, partOf, textOf, written } from "@/domain/drafts";
import { byMonth, duration, everyEntry, filterOf, minutesIn } from "@/domain/ledger";
import { namesIn } from "@/domain/parties";
import { qrImage } from "@/domain/qr";
import { answerDue } from "@/domain/timeleft";

const item = (id: string, changes: Partial<AgendaItem> = {}) =>
  ({ id, starts_at: "2026-11-24T09:00:00+08:00", ends_at: "2026-11-24T09:30:00+08:00", person_name: id, ...changes }) as AgendaItem;

describe("an adviser's day", () => {
  it.each([
    [null, undefined, undefined],
    [200, "days", "calm"],
    [90, "days", "soon"],
    [30, "days", "late"],
    [0, "today", "late"],
    [-3, "over", "late"],
  ])("says how much of a limitation is left: %s", (days, key, tone) => {
    const left = limitationLeft(days);
    expect(left?.key).toBe(key && `adviser.limitation.${key}`);
    expect(left?.tone).toBe(tone);
  });

  it("shows nothing twice", () => {
    expect(without([item("a"), item("b")], [item("b")]).map(({ id }) => id)).toEqual(["a"]);
  });

  it("names those a change would touch, whatever zone the server writes in", () => {
    const conflict = { booking_id: "x", starts_at: "2026-11-24T01:00:00Z", ends_at: "2026-11-24T01:30:00Z", mode: "phone" as const };
    expect(named([conflict], [item("陈阿婆"), item("别人", { starts_at: "2026-11-24T10:00:00+08:00" })])[0]!.names).toEqual(["陈阿婆"]);
    expect(named([conflict], [])[0]!.names).toEqual([]);
  });

  it("knows how long a meeting was meant to take", () => {
    expect(plannedMinutes(item("a"))).toBe(30);
  });

  it("finds the exceptions of a day of the county", () => {
    const off: PlanException = {
      id: "e", kind: "closed", starts_at: "2026-11-23T16:00:00Z", ends_at: "2026-11-24T16:00:00Z", reason: null,
      slot_minutes: null, buffer_minutes: null, capacity: null, modes: null, place: null,
    };
    expect(exceptionsOn([off], "2026-11-24")).toEqual([off]);
    expect(exceptionsOn([off], "2026-11-23")).toEqual([]);
    expect(exceptionsOn([off], "2026-11-25")).toEqual([]);
  });

  it("counts down to an answer", () => {
    const now = Date.parse("2026-11-24T10:00:00+08:00");
    expect(answerDue("2026-11-24T12:00:00+08:00", now)).toMatchObject({ key: "workbench.left.left_hours", params: { n: 2 }, tone: "soon" });
    expect(answerDue("2026-11-24T09:00:00+08:00", now)).toMatchObject({ key: "workbench.left.late_hours", tone: "late" });
  });

  it("reads names however they are set apart", () => {
    expect(namesIn("张三、 李四,王五，张三\n")).toEqual(["张三", "李四", "王五"]);
  });

  it("draws the code without a network", () => {
    const picture = qrImage("123456");
    expect(picture).toMatch(/^data:image\/svg\+xml,/);
    expect(decodeURIComponent(picture)).toMatch(/viewBox="0 0 (\d+) \1"/);
  });
});

describe("the ledger", () => {
  const entry = (served_on: string, minutes: number | null, voided = false) =>
    ({ served_on, minutes, voided: voided ? { at: "", reason: "" } : null }) as LedgerEntry;

  it("adds up each month, without what was struck out or has no time", () => {
    const months = byMonth([entry("2026-11-03", 90), entry("2026-11-01", 30, true), entry("2026-10-31", 45), entry("2026-10-30", null)]);
    expect(months.map(({ month, minutes, entries }) => [month, minutes, entries.length])).toEqual([["2026-11", 90, 2], ["2026-10", 45, 2]]);
  });

  it.each([
    [40, "adviser.minutes", { n: 40 }],
    [120, "adviser.hours", { n: 2 }],
    [95, "adviser.hours_minutes", { h: 1, n: 35 }],
  ])("says %i minutes as people count", (minutes, key, params) => {
    expect(duration(minutes)).toEqual({ key, params });
  });

  it.each([
    ["30", 30],
    [" 600 ", 600],
    ["0", null],
    ["601", null],
    ["1.5", null],
    ["", null],
    ["半小时", null],
  ])("takes %j as %s minutes", (typed, minutes) => {
    expect(minutesIn(typed)).toBe(minutes);
  });

  it("asks the server for what is narrowed", () => {
    expect(filterOf({ ...everyEntry(), village: { code: "520526001001", name: "村" }, from: "2026-01-01" })).toEqual({
      adviser: undefined,
      village: "520526001001",
      from: "2026-01-01",
      to: "",
    });
  });
});

describe("a case in the making", () => {
  const replaced: Draft["replaced"] = [
    { from: "张三", to: "甲", kind: "name" },
    { from: "张三丰", to: "乙", kind: "name" },
  ];

  it("marks each word that was replaced, the longer first", () => {
    expect(original("张三丰欠张三钱", replaced)).toEqual([
      { text: "张三丰", mark: "replaced" },
      { text: "欠", mark: null },
      { text: "张三", mark: "replaced" },
      { text: "钱", mark: null },
    ]);
  });

  it("marks what still looks personal, in its own part only", () => {
    const findings: Finding[] = [{ field: "/story", text: "13800000000", kind: "phone" }];
    expect(published("story", "打13800000000", replaced, findings).at(-1)).toEqual({ text: "13800000000", mark: "finding" });
    expect(published("answer", "打13800000000", replaced, findings)).toEqual([{ text: "打13800000000", mark: null }]);
    expect(original("", replaced)).toEqual([]);
  });

  it("knows what can never be published", () => {
    expect(isCertain({ field: "/story", text: "x", kind: "phone" })).toBe(true);
    expect(isCertain({ field: "/story", text: "x", kind: "place" })).toBe(false);
    expect(partOf("/steps/0")).toBe("steps");
  });

  it("says what a reader would miss, and sends no empty lines", () => {
    const article = { law: "民法典", article: "第二百八十八条", text: "……" };
    const text = textOf({ title: " 题 ", topic: "land", categories: [], story: "s", question: "q", answer: "a", steps: [" 去 ", " "], articles: [article, { law: "", article: "", text: "" }] } as unknown as Draft);
    expect(lacking(text)).toEqual([]);
    expect(written(text)).toMatchObject({ title: "题", steps: ["去"], articles: [article] });
    expect(lacking({ ...text, title: " ", steps: [], articles: [{ ...article, text: "" }] })).toEqual(["title", "steps", "articles"]);
  });
});

describe("desks", () => {
  const grant = (role: string) => ({ role }) as Grant;

  it("go by role", () => {
    expect(advises([grant("adviser")])).toBe(true);
    expect(oversees([grant("adviser")])).toBe(false);
    expect(oversees([grant("admin")])).toBe(true);
    expect(answersLate([grant("admin")])).toBe(false);
    expect(answersLate([grant("justice_officer")])).toBe(true);
  });

  it("of requests are for those who have to do with them", () => {
    expect(hasWorkbench([grant("adviser"), grant("justice_officer")])).toBe(false);
    expect(hasWorkbench([grant("adviser"), grant("handler")])).toBe(true);
  });
});
