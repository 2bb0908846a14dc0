import { describe, expect, it } from "vitest";
import { day, deadline, moment, partOfDay } from "@/domain/dates";

/** 2026-11-23 15:01 in the county. */
const NOW = Date.parse("2026-11-23T15:01:00+08:00");
const at = (text: string) => new Date(Date.parse(`${text}+08:00`)).toISOString();

describe("a moment", () => {
  it.each([
    ["2026-11-23T00:00:00", "dates.today", { time: "00:00" }],
    ["2026-11-22T23:59:00", "dates.yesterday", { time: "23:59" }],
    ["2026-11-21T08:05:00", "dates.this_year", { month: 11, day: 21, time: "08:05" }],
    ["2025-12-31T23:30:00", "dates.other_year", { year: 2025, month: 12, day: 31, time: "23:30" }],
  ])("%s", (iso, key, params) => {
    expect(moment(at(iso), NOW)).toEqual({ key, params });
  });

  it("is told in the county's time whatever the phone's zone", () => {
    expect(moment("2026-11-22T16:30:00Z", NOW)).toEqual({ key: "dates.today", params: { time: "00:30" } });
  });
});

describe("a deadline", () => {
  it.each([
    ["2026-11-23T18:00:00", "deadline.today", { time: "18:00" }, "soon"],
    ["2026-11-24T00:30:00", "deadline.tomorrow", { time: "00:30" }, "soon"],
    ["2026-11-30T18:00:00", "deadline.days", { n: 7 }, "calm"],
    ["2026-11-23T14:59:00", "deadline.late_hours", { n: 1 }, "late"],
    ["2026-11-22T20:00:00", "deadline.late_hours", { n: 19 }, "late"],
    ["2026-11-20T15:00:00", "deadline.late_days", { n: 3 }, "late"],
  ])("%s", (iso, key, params, tone) => {
    expect(deadline(at(iso), NOW)).toEqual({ key, params, tone });
  });

  it("across the year's end counts calendar days", () => {
    const newYearsEve = Date.parse("2026-12-31T23:50:00+08:00");
    expect(deadline(at("2027-01-01T00:10:00"), newYearsEve)).toMatchObject({ key: "deadline.tomorrow" });
  });
});

it("names a day, with the year when it is another", () => {
  expect(day(at("2026-12-01T10:00:00"), NOW)).toEqual({ key: "dates.day", params: { month: 12, day: 1 } });
  expect(day(at("2027-01-04T10:00:00"), NOW).key).toBe("dates.day_year");
});

it("greets by the county's clock", () => {
  const hour = (text: string) => partOfDay(Date.parse(at(`2026-11-23T${text}:00`)));
  expect(["06:00", "12:00", "15:00", "21:00", "03:00"].map(hour)).toEqual(["morning", "noon", "afternoon", "evening", "evening"]);
});
