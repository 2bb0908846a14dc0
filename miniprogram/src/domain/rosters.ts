/** Who is on a shift, as its organiser reads it; and how long a code is good for. */
import type { RosterItem, ShiftCode } from "@/api/organising";
import type { Times } from "@/api/volunteering";
import { dateOf, plusDays, timeOf } from "./dates";
import { between } from "./shiftForms";

export type Group = "to_approve" | "to_confirm" | "coming" | "waiting" | "gone";
const GROUPS: readonly Group[] = ["to_approve", "to_confirm", "coming", "waiting", "gone"];

function groupOf({ state, actions, to_confirm }: RosterItem): Group {
  if (state === "applied") return "to_approve";
  if (to_confirm || actions.includes("confirm")) return "to_confirm";
  if (state === "confirmed" || state === "offered") return "coming";
  return state === "waiting" ? "waiting" : "gone";
}

/** People by what has to be done about them, which comes first; no group is empty. */
export function groupsOf(items: RosterItem[]): { group: Group; items: RosterItem[] }[] {
  return GROUPS.map((group) => ({ group, items: items.filter((item) => groupOf(item) === group) })).filter(
    ({ items: some }) => some.length > 0,
  );
}

/** How many have a place, and how many of them came. */
export const comingOf = (items: RosterItem[]): { placed: number; came: number } => ({
  placed: items.filter(({ state }) => state === "confirmed" || state === "offered").length,
  came: items.filter(({ in_at }) => in_at !== null).length,
});

/** From when till when somebody seems to have been there: what is known of it, within the shift. */
export function presenceOf({ in_at, out_at }: Pick<RosterItem, "in_at" | "out_at">, { starts_at, ends_at }: Times): Times {
  const later = in_at && Date.parse(in_at) > Date.parse(starts_at);
  const earlier = out_at && Date.parse(out_at) < Date.parse(ends_at);
  return { starts_at: later ? in_at : starts_at, ends_at: earlier ? out_at : ends_at };
}

/**
 * The moments the clock times of somebody's presence mean, in a shift that may last into the next
 * day.
 */
export function presenceAt(from: string, to: string, { starts_at }: Times): { in_at: string; out_at: string } {
  const first = dateOf(starts_at);
  const on = from < timeOf(starts_at) ? plusDays(first, 1) : first;
  const { starts_at: in_at, ends_at: out_at } = between(on, from, to);
  return { in_at, out_at };
}

/** A code is asked for a little after its end, never in a rush, never later than it could be old. */
const MARGIN_MS = 300;
const LEAST_MS = 1_000;
const MOST_MS = 30_000;

/** How long to wait before asking for the next code, by the server's clock alone. */
export function pauseOf({ until, now }: Pick<ShiftCode, "until" | "now">): number {
  const left = Date.parse(until) - Date.parse(now) + MARGIN_MS;
  return Math.min(MOST_MS + MARGIN_MS, Math.max(LEAST_MS, left));
}
