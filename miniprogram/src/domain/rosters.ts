/** Who is on a shift, as its organiser reads it; and how long a code is good for. */
import type { RosterItem, ShiftCode } from "@/api/organising";

export type Group = "to_approve" | "to_confirm" | "coming" | "waiting" | "gone";
const GROUPS: readonly Group[] = ["to_approve", "to_confirm", "coming", "waiting", "gone"];

function groupOf({ state, actions, to_confirm }: RosterItem): Group {
  if (actions.includes("approve") || actions.includes("decline")) return "to_approve";
  if (to_confirm || actions.includes("confirm")) return "to_confirm";
  if (state === "confirmed" || state === "offered") return "coming";
  return state === "waiting" || state === "applied" ? "waiting" : "gone";
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

/** A code is asked for a little after its end, never in a rush, never later than it could be old. */
const MARGIN_MS = 300;
const LEAST_MS = 1_000;
const MOST_MS = 30_000;

/** How long to wait before asking for the next code, by the server's clock alone. */
export function pauseOf({ until, now }: Pick<ShiftCode, "until" | "now">): number {
  const left = Date.parse(until) - Date.parse(now) + MARGIN_MS;
  return Math.min(MOST_MS + MARGIN_MS, Math.max(LEAST_MS, left));
}
