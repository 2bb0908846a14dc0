/**
 * An adviser's weekly plan while it is edited: rows of hours that come again each week. The server
 * decides; these rules mark at once the row it would refuse.
 */
import type { PlanRule } from "@/api/adviser";

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** Minutes one meeting can take, and the pause after it, for those who do not type. */
export const LENGTHS = [20, 30, 45, 60, 90] as const;
export const PAUSES = [0, 5, 10, 15, 30] as const;

/** What is wrong with a row, under which words it is said. */
export type RowProblem = "hours" | "too_short" | "no_mode" | "no_place" | "validity" | "overlaps";

/** A new row: where the last one was, at the hours people come most. */
export const blankRule = (today: string, like?: PlanRule): PlanRule => ({
  weekday: like ? (like.weekday % 7) + 1 : 1,
  starts: like?.starts ?? "09:00",
  ends: like?.ends ?? "11:30",
  slot_minutes: like?.slot_minutes ?? 30,
  buffer_minutes: like?.buffer_minutes ?? 10,
  capacity: 1,
  modes: like ? [...like.modes] : ["in_person", "phone"],
  place: like?.place ?? null,
  valid_from: today,
  valid_until: null,
  on_holidays: false,
});

/** Minutes since midnight of "HH:MM"; 24:00 is the day's end. */
const minutes = (time: string): number => {
  const [hours = 0, rest = 0] = time.split(":").map(Number);
  return hours * 60 + rest;
};

/** How many meetings fit into a row: the last needs no pause after it. */
export function meetingsIn(rule: PlanRule): number {
  const span = minutes(rule.ends) - minutes(rule.starts);
  if (span < rule.slot_minutes) return 0;
  return 1 + Math.floor((span - rule.slot_minutes) / (rule.slot_minutes + rule.buffer_minutes));
}

const sameDays = (a: PlanRule, b: PlanRule): boolean =>
  a.valid_from <= (b.valid_until ?? "9999") && b.valid_from <= (a.valid_until ?? "9999");

const clash = (a: PlanRule, b: PlanRule): boolean =>
  a.weekday === b.weekday && a.starts < b.ends && b.starts < a.ends && sameDays(a, b);

/** For each row what is wrong with it, and with which other row (counted from 1) it overlaps. */
export function problemsOf(rules: PlanRule[]): { problem: RowProblem; other: number }[][] {
  return rules.map((rule, index) => {
    const found: { problem: RowProblem; other: number }[] = [];
    const say = (problem: RowProblem, other = 0) => found.push({ problem, other });
    if (rule.ends <= rule.starts) say("hours");
    else if (meetingsIn(rule) === 0) say("too_short");
    if (!rule.modes.length) say("no_mode");
    if (rule.modes.includes("in_person") && !rule.place?.trim()) say("no_place");
    if (rule.valid_until !== null && rule.valid_until < rule.valid_from) say("validity");
    rules.forEach((other, n) => n !== index && clash(rule, other) && say("overlaps", n + 1));
    return found;
  });
}

export const isSound = (rules: PlanRule[]): boolean => problemsOf(rules).every((found) => !found.length);

/** As one reads a plan: by weekday and hour. */
export const inOrder = (rules: PlanRule[]): PlanRule[] =>
  [...rules].sort((a, b) => a.weekday - b.weekday || a.starts.localeCompare(b.starts));

/** As it is sent: a place only where people come to. */
export const toSend = (rules: PlanRule[]): PlanRule[] =>
  inOrder(rules).map((rule) => ({
    ...rule,
    place: (rule.modes.includes("in_person") && rule.place?.trim()) || null,
  }));
