/** Who may appoint whom; the server decides, this only spares people what it would refuse. */
import type { Grant, RoleCode } from "@/api/types";

const UNIT_ROLES: RoleCode[] = ["handler", "unit_lead"];
// Legal advisers are invited from their register, which then knows whose record it is.
const AREA_ROLES: RoleCode[] = ["grid_worker", "dispatcher", "supervisor", "inspector", "justice_officer", "admin"];

const isAdmin = (grants: Grant[]) => grants.some((grant) => grant.role === "admin");

export const heldInUnit = (role: RoleCode): boolean => UNIT_ROLES.includes(role);

/** Units whose lead the person is. */
export const unitsLed = (grants: Grant[]): { id: string; name: string }[] =>
  grants.flatMap((grant) => (grant.role === "unit_lead" && grant.unit ? [grant.unit] : []));

/** Roles the person may offer to others: an admin any, a unit's lead that unit's handlers. */
export function offers(grants: Grant[]): RoleCode[] {
  if (isAdmin(grants)) return [...UNIT_ROLES, ...AREA_ROLES];
  return unitsLed(grants).length ? ["handler"] : [];
}

/** Whether a role in a unit can be taken back by somebody with these grants. */
export const mayRevoke = (grants: Grant[], unitId: string, role: RoleCode): boolean =>
  isAdmin(grants) || (role === "handler" && unitsLed(grants).some((unit) => unit.id === unitId));

/** Whether any unit, not only one's own, may be looked at and appointed to. */
export const appointsAnywhere = isAdmin;

export type Term = "open" | "year" | "until";

/**
 * The moment a term ends, as the API takes it: at the end of its last day in the county (UTC+8).
 * A year ends on the day before its anniversary. Undefined for a term without an end.
 */
export function termEnd(term: Term, lastDay: string, nowMs: number): string | undefined {
  if (term === "open") return undefined;
  return `${term === "until" ? lastDay : aYearFrom(nowMs)}T23:59:59+08:00`;
}

function aYearFrom(nowMs: number): string {
  const day = new Date(nowMs + 8 * 3600_000);
  day.setUTCFullYear(day.getUTCFullYear() + 1);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
