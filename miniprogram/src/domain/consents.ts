/** Acting for somebody: what a consent allows, and how long a code lasts. */
import type { Mandate, Scope } from "@/api/types";

export const SCOPES: Scope[] = ["submit", "act"];
/** What a consent allows, in the order it is always said. */
export const scopesOf = (mandate: Mandate): Scope[] => SCOPES.filter((scope) => mandate.scopes.includes(scope));
/** Days a consent can last, for those who do not count. */
export const TERMS = [30, 90, 365] as const;

const active = (mandate: Mandate): boolean => mandate.state === "active";

/** Whether the one who acts may say something new for the other. */
export const mayStillSubmit = (mandate: Mandate): boolean => active(mandate) && mandate.scopes.includes("submit");

/** Those in force or asked for first, then what has ended. */
export const inOrder = (mandates: Mandate[]): Mandate[] => {
  const rank = { asked: 0, active: 1, expired: 2, revoked: 2 } as const;
  return [...mandates].sort((a, b) => rank[a.state] - rank[b.state] || b.created_at.localeCompare(a.created_at));
};

/** Whether it can be ended: taken back by one, given up by the other. */
export const mayEnd = (mandate: Mandate): boolean => active(mandate) || mandate.state === "asked";

/** Whole minutes until a moment, at least 1; 0 once it has passed. */
export function minutesLeft(iso: string, nowMs: number): number {
  const left = Date.parse(iso) - nowMs;
  return left <= 0 ? 0 : Math.max(1, Math.floor(left / 60_000));
}

const MOBILE = /^1[3-9]\d{9}$/;

/** A mobile number as typed, with its spaces and dashes gone; "" if it is none. */
export function mobileIn(typed: string): string {
  const digits = typed.replace(/\s|-/g, "");
  return MOBILE.test(digits) ? digits : "";
}
