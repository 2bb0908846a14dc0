import { describe, expect, it } from "vitest";
import type { Slot, SlotDay } from "@/api/bookings";
import { daysBetween, plusDays, timeOf, weekdayOf } from "@/domain/dates";
import { dayName, firstOpen, holdLeft, isOver, mondayOf, partsOf, span, weekOf } from "@/domain/slots";

/** 2026-11-24 10:00 in the county, a Tuesday. */
const NOW = Date.parse("2026-11-24T10:00:00+08:00");
const slot = (starts_at: string, ends_at = starts_at): Slot => ({ starts_at, ends_at, modes: ["phone"], place: null, free: 1 });
const day = (date: string, state: SlotDay["state"]): SlotDay => ({ date, state, slots: [] });

describe("a day of the county", () => {
  it("is counted without a clock", () => {
    expect(plusDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(daysBetween("2026-11-24", "2026-12-01")).toBe(7);
    expect(weekdayOf("2026-11-24")).toBe(2);
    expect(weekdayOf("2026-11-29")).toBe(7);
    expect(mondayOf("2026-11-29")).toBe("2026-11-23");
    expect(timeOf("2026-11-24T01:05:00Z")).toBe("09:05");
  });
});

describe("the times of a day", () => {
  it("stand in parts of the day that are never empty", () => {
    const early = slot("2026-11-24T01:00:00Z");
    const noon = slot("2026-11-24T04:00:00Z");
    const late = slot("2026-11-24T10:30:00Z");
    expect(partsOf([early, late])).toEqual([
      { part: "morning", slots: [early] },
      { part: "evening", slots: [late] },
    ]);
    expect(partsOf([noon])[0]?.part).toBe("afternoon");
    expect(partsOf([])).toEqual([]);
  });

  it("are named by today and tomorrow, by the weekday, and by another year", () => {
    const at = (starts: string) => span(slot(`${starts}T09:00:00+08:00`, `${starts}T09:30:00+08:00`), NOW);
    expect(at("2026-11-24")).toMatchObject({ key: "legal.when.today", params: { from: "09:00", to: "09:30" } });
    expect(at("2026-11-25").key).toBe("legal.when.tomorrow");
    expect(at("2026-11-30")).toMatchObject({ key: "legal.when.this_year", params: { month: 11, day: 30, weekday: 1 } });
    expect(at("2027-01-04")).toMatchObject({ key: "legal.when.other_year", params: { year: 2027 } });
    expect(dayName("2026-11-24").params).toEqual({ month: 11, day: 24, weekday: 2 });
  });
});

describe("a week", () => {
  const days = [day("2026-11-24", "full"), day("2026-11-25", "open"), day("2026-11-30", "open")];
  it("has seven days, those untold of closed", () => {
    const week = weekOf(days, "2026-11-23");
    expect(week.map(({ state }) => state)).toEqual(["closed", "full", "open", "closed", "closed", "closed", "closed"]);
    expect(week.at(-1)?.date).toBe("2026-11-29");
  });
  it("leads to the first free day", () => {
    expect(firstOpen(days)).toBe("2026-11-25");
    expect(firstOpen(days, "2026-11-26")).toBe("2026-11-30");
    expect(firstOpen([day("2026-11-24", "full")])).toBe("");
  });
});

describe("a time that is kept", () => {
  it("counts whole minutes, then the last one, then it is over", () => {
    const until = "2026-11-24T10:10:00+08:00";
    const after = (seconds: number) => holdLeft(until, NOW + seconds * 1000);
    expect(after(0)).toEqual({ key: "legal.hold.left", params: { time: "10:10", n: 10 } });
    expect(after(539)).toMatchObject({ key: "legal.hold.left", params: { n: 1 } });
    expect(after(545).key).toBe("legal.hold.last");
    expect(after(600).key).toBe("legal.hold.over");
    expect(isOver(until, NOW + 599_000)).toBe(false);
    expect(isOver(until, NOW + 600_000)).toBe(true);
  });
});
