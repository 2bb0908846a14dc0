/** How an adviser stands: whether they can be booked, and in which words it is said why not. */
import type { Adviser } from "@/api/legal";
import { day, midnight, type Sentence } from "@/domain/dates";

const on = (key: string, date: string, nowMs: number): Sentence => {
  const said = day(midnight(date), nowMs);
  return { key: `${key}${said.key === "dates.day_year" ? "_year" : ""}`, params: said.params };
};

/** `term`: from when or until when they serve. `why`: why nothing can be booked, null where it can. */
export function standingOf(adviser: Adviser, nowMs: number): { term: Sentence; why: Sentence | null } {
  const { term_from, term_until, state, bookable } = adviser;
  const term = term_until
    ? on("legal.term.until", term_until, nowMs)
    : on("legal.term.from", term_from, nowMs);
  if (state === "expired" && term_until) return { term, why: on("legal.standing.expired", term_until, nowMs) };
  if (state === "upcoming") return { term, why: on("legal.standing.upcoming", term_from, nowMs) };
  if (state === "suspended") return { term, why: { key: "legal.standing.suspended", params: {} } };
  return { term, why: bookable ? null : { key: "legal.standing.closed", params: {} } };
}
