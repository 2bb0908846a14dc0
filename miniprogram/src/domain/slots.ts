/** Times that can be booked, as people read them: by day, by part of the day, in words. */
import type { DayState, Mode, Slot, SlotDay } from "@/api/bookings";
import { dateOf, dayAfter, daysBetween, plusDays, timeOf, weekdayOf, type Sentence } from "./dates";

export const MODES: readonly Mode[] = ["in_person", "phone", "video"];

export type PartOfDay = "morning" | "afternoon" | "evening";

const partOf = ({ starts_at }: Slot): PartOfDay => {
  const time = timeOf(starts_at);
  if (time < "12:00") return "morning";
  return time < "18:00" ? "afternoon" : "evening";
};

/** A day's times in groups that are never empty, earliest first. */
export function partsOf(slots: Slot[]): { part: PartOfDay; slots: Slot[] }[] {
  const parts: PartOfDay[] = ["morning", "afternoon", "evening"];
  return parts
    .map((part) => ({ part, slots: slots.filter((slot) => partOf(slot) === part) }))
    .filter((group) => group.slots.length > 0);
}

/** The first day with something free, from a day on; "" when there is none. */
export const firstOpen = (days: SlotDay[], from = ""): string =>
  days.find(({ date, state }) => state === "open" && date >= from)?.date ?? "";

/** Monday of the week a day lies in, both YYYY-MM-DD. */
export const mondayOf = (date: string): string => plusDays(date, 1 - weekdayOf(date));

/** The seven days of a week from its Monday; what the calendar does not tell of is closed. */
export function weekOf(days: SlotDay[], monday: string): SlotDay[] {
  const known = new Map(days.map((day) => [day.date, day]));
  return Array.from({ length: 7 }, (_, n) => plusDays(monday, n)).map(
    (date) => known.get(date) ?? { date, state: "closed" as DayState, slots: [] },
  );
}

/** From when till when, with the day by name where it is near and the year where it is another. */
export function span({ starts_at, ends_at }: { starts_at: string; ends_at: string }, nowMs: number): Sentence {
  const date = dateOf(starts_at);
  const today = dayAfter(nowMs, 0);
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const params = { year, month, day, weekday: weekdayOf(date), from: timeOf(starts_at), to: timeOf(ends_at) };
  const distance = daysBetween(today, date);
  if (distance === 0) return { key: "legal.when.today", params };
  if (distance === 1) return { key: "legal.when.tomorrow", params };
  return { key: date.slice(0, 4) === today.slice(0, 4) ? "legal.when.this_year" : "legal.when.other_year", params };
}

/** A calendar day YYYY-MM-DD with its day of the week. */
export function dayName(date: string): Sentence {
  const [, month, day] = date.split("-").map(Number) as [number, number, number];
  return { key: "legal.when.day", params: { month, day, weekday: weekdayOf(date) } };
}

/** How long a time is still kept: whole minutes, and the last one by name. */
export function holdLeft(heldUntil: string, nowMs: number): Sentence {
  const left = Date.parse(heldUntil) - nowMs;
  if (left <= 0) return { key: "legal.hold.over", params: {} };
  const minutes = Math.floor(left / 60_000);
  const params = { time: timeOf(heldUntil), n: minutes };
  return { key: minutes ? "legal.hold.left" : "legal.hold.last", params };
}

export const isOver = (moment: string, nowMs: number): boolean => Date.parse(moment) <= nowMs;
