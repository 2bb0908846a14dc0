/** An adviser's day: which meetings come, which wait to be recorded, whom a change would touch. */
import type { AgendaItem, Conflict, PlanException } from "@/api/adviser";
import { midnight, plusDays, type Deadline } from "./dates";

/** Days left of a limitation period below which it is pressing, and below which it is urgent. */
const SOON_DAYS = 90;
const URGENT_DAYS = 30;

/** How long a claim can still be made, in days; null where no date is known. */
export function limitationLeft(daysLeft: number | null): Deadline | null {
  if (daysLeft === null) return null;
  if (daysLeft < 0) return { key: "adviser.limitation.over", params: { n: -daysLeft }, tone: "late" };
  if (daysLeft === 0) return { key: "adviser.limitation.today", params: {}, tone: "late" };
  const tone = daysLeft <= URGENT_DAYS ? "late" : daysLeft <= SOON_DAYS ? "soon" : "calm";
  return { key: "adviser.limitation.days", params: { n: daysLeft }, tone };
}

/** A day's meetings without those that have a place of their own above. */
export const without = (items: AgendaItem[], others: AgendaItem[]): AgendaItem[] =>
  items.filter((item) => !others.some(({ id }) => id === item.id));

/** A booking that a change would break, with the names of those it is with. */
export interface NamedConflict extends Conflict {
  names: string[];
}

/** The engine knows bookings and no people: whose they are says the agenda of those days. */
export const named = (conflicts: Conflict[], agenda: AgendaItem[]): NamedConflict[] =>
  conflicts.map((conflict) => ({
    ...conflict,
    names: agenda
      .filter((item) => Date.parse(item.starts_at) === Date.parse(conflict.starts_at))
      .map((item) => item.person_name),
  }));

/** Whole minutes a meeting was planned to take. */
export const plannedMinutes = (item: { starts_at: string; ends_at: string }): number =>
  Math.round((Date.parse(item.ends_at) - Date.parse(item.starts_at)) / 60_000);

/** Exceptions from the plan that touch a day of the county. */
export const exceptionsOn = (exceptions: PlanException[], date: string): PlanException[] =>
  exceptions.filter(
    ({ starts_at, ends_at }) =>
      Date.parse(starts_at) < Date.parse(midnight(plusDays(date, 1))) && Date.parse(midnight(date)) < Date.parse(ends_at),
  );
