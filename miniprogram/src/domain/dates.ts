/**
 * Times as people of the county say them. The county lives in one time zone (UTC+8, no summer
 * time), so every phone shows the same hour whatever its own clock is set to.
 */
const OFFSET_MS = 8 * 3600_000;
const DAY_MS = 86_400_000;

export interface Sentence {
  key: string;
  params: Record<string, string | number>;
}

interface Local {
  year: number;
  month: number;
  day: number;
  time: string;
  /** Days since 1970-01-01 in the county's zone. */
  dayNumber: number;
}

function local(ms: number): Local {
  const shifted = new Date(ms + OFFSET_MS);
  const two = (value: number) => String(value).padStart(2, "0");
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    time: `${two(shifted.getUTCHours())}:${two(shifted.getUTCMinutes())}`,
    dayNumber: Math.floor((ms + OFFSET_MS) / DAY_MS),
  };
}

/** A moment: the days around now by name, the year only if it is another. */
export function moment(iso: string, nowMs: number): Sentence {
  const at = local(Date.parse(iso));
  const now = local(nowMs);
  const { year, month, day, time } = at;
  if (at.dayNumber === now.dayNumber) return { key: "dates.today", params: { time } };
  if (at.dayNumber === now.dayNumber - 1) return { key: "dates.yesterday", params: { time } };
  if (at.dayNumber === now.dayNumber + 1) return { key: "dates.tomorrow", params: { time } };
  if (year === now.year) return { key: "dates.this_year", params: { month, day, time } };
  return { key: "dates.other_year", params: { year, month, day, time } };
}

/** Whether both lie on one day of the county. */
export const onSameDay = (iso: string, nowMs: number): boolean =>
  local(Date.parse(iso)).dayNumber === local(nowMs).dayNumber;

/** A calendar day, the year only if it is not this one. */
export function day(iso: string, nowMs: number): Sentence {
  const at = local(Date.parse(iso));
  const { year, month, day: date } = at;
  return year === local(nowMs).year
    ? { key: "dates.day", params: { month, day: date } }
    : { key: "dates.day_year", params: { year, month, day: date } };
}

/** The calendar day so many days after today in the county, as the API and a date picker write it. */
export const dayAfter = (nowMs: number, days: number): string =>
  new Date(nowMs + OFFSET_MS + days * DAY_MS).toISOString().slice(0, 10);

/** The calendar day a moment lies on in the county, YYYY-MM-DD. */
export const dateOf = (iso: string): string => dayAfter(Date.parse(iso), 0);

/** The county's clock at a moment, HH:MM. */
export const timeOf = (iso: string): string => local(Date.parse(iso)).time;

/** Midnight of the county's day YYYY-MM-DD, for what is said of moments. */
export const midnight = (date: string): string => `${date}T00:00:00+08:00`;

/** A moment of the county's day YYYY-MM-DD by its clock, HH:MM. */
export const momentOn = (date: string, time: string): string => `${date}T${time}:00+08:00`;

/** Whole days from one day to another, both YYYY-MM-DD; negative where the other lies before. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(midnight(to)) - Date.parse(midnight(from))) / DAY_MS);

/** The day so many days after another, both YYYY-MM-DD. */
export const plusDays = (date: string, days: number): string => dayAfter(Date.parse(midnight(date)), days);

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

export type Tone = "calm" | "soon" | "late";

export interface Deadline extends Sentence {
  tone: Tone;
}

/** How long is left until a deadline, or how long ago it passed; in whole days or hours. */
export function deadline(dueIso: string, nowMs: number): Deadline {
  const due = Date.parse(dueIso);
  const left = due - nowMs;
  const days = local(due).dayNumber - local(nowMs).dayNumber;
  if (left < 0)
    return -left < DAY_MS
      ? { key: "deadline.late_hours", params: { n: Math.max(1, Math.floor(-left / 3600_000)) }, tone: "late" }
      : { key: "deadline.late_days", params: { n: Math.floor(-left / DAY_MS) }, tone: "late" };
  if (days === 0) return { key: "deadline.today", params: { time: local(due).time }, tone: "soon" };
  if (days === 1) return { key: "deadline.tomorrow", params: { time: local(due).time }, tone: "soon" };
  return { key: "deadline.days", params: { n: days }, tone: "calm" };
}

/** Part of the day in the county, for a greeting. */
export function partOfDay(nowMs: number): "morning" | "noon" | "afternoon" | "evening" {
  const hour = Number(local(nowMs).time.slice(0, 2));
  if (hour >= 5 && hour < 11) return "morning";
  if (hour >= 11 && hour < 14) return "noon";
  if (hour >= 14 && hour < 18) return "afternoon";
  return "evening";
}
