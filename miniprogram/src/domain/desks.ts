/** Which desks of legal advice a person has. */
import type { Adviser } from "@/api/legal";
import type { Grant } from "@/api/types";
import type { StateLook } from "./states";

const holds = (grants: Grant[], ...roles: string[]): boolean => grants.some(({ role }) => roles.includes(role));

/** An adviser's: meetings, plan, questions, ledger, cases. */
export const advises = (grants: Grant[]): boolean => holds(grants, "adviser");

/** The justice office's: the register of advisers, overdue questions, the ledger of the area. */
export const oversees = (grants: Grant[]): boolean => holds(grants, "justice_officer", "admin");

/** Questions nobody answered in time come to the justice office alone. */
export const answersLate = (grants: Grant[]): boolean => holds(grants, "justice_officer");

/** Whether some role of theirs has to do with requests. */
export const hasWorkbench = (grants: Grant[]): boolean =>
  grants.some(({ role }) => !["adviser", "justice_officer"].includes(role));

export const ADVISER_LOOKS: Record<Adviser["state"], StateLook> = {
  active: { tone: "working", icon: "check" },
  upcoming: { tone: "waiting", icon: "wait" },
  suspended: { tone: "attention", icon: "hidden" },
  expired: { tone: "closed", icon: "calendar" },
};
