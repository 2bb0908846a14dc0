import type { RequestState } from "@/api/types";
import type { Deadline } from "./dates";
import { TERMINAL } from "./states";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** While the next step is the resident's or a date's, the public body's clock stands. */
const STANDING: readonly string[] = ["awaiting_resident", "replied", "deferred"];

/**
 * What staff read on a request: how long is left, or by how long it is late, in whole minutes
 * below an hour, hours below two days, days above. Null once nothing is awaited any more.
 */
export function timeLeft(item: { state: RequestState; due_at: string | null }, nowMs: number): Deadline | null {
  if (TERMINAL.includes(item.state) || !item.due_at) return null;
  if (STANDING.includes(item.state)) return { key: `workbench.left.${item.state}`, params: {}, tone: "calm" };
  return answerDue(item.due_at, nowMs);
}

/** How long is left until an answer is due, or by how long it is late. */
export function answerDue(dueIso: string, nowMs: number): Deadline {
  const left = Date.parse(dueIso) - nowMs;
  const span = Math.abs(left);
  const direction = left < 0 ? "late" : "left";
  const tone = left < 0 ? "late" : left < DAY_MS ? "soon" : "calm";
  const whole = (unit: number) => Math.max(1, Math.floor(span / unit));
  if (span < HOUR_MS) return { key: `workbench.left.${direction}_minutes`, params: { n: whole(MINUTE_MS) }, tone };
  if (span < 2 * DAY_MS) return { key: `workbench.left.${direction}_hours`, params: { n: whole(HOUR_MS) }, tone };
  return { key: `workbench.left.${direction}_days`, params: { n: whole(DAY_MS) }, tone };
}
