/** Which desks a person has, besides or instead of the workbench. */
import type { Adviser } from "@/api/legal";
import type { Grant } from "@/api/types";
import { QUESTION_LOOKS } from "./bookings";
import type { StateLook } from "./states";

const holds = (grants: Grant[], ...roles: string[]): boolean => grants.some(({ role }) => roles.includes(role));

/** An adviser's: meetings, plan, questions, ledger, cases. */
export const advises = (grants: Grant[]): boolean => holds(grants, "adviser");

/** The justice office's: the register of advisers, overdue questions, the ledger of the area. */
export const oversees = (grants: Grant[]): boolean => holds(grants, "justice_officer", "admin");

/** An organiser's of volunteering: activities, rosters, codes. */
export const organises = (grants: Grant[]): boolean => holds(grants, "organiser");

/** Questions nobody answered in time come to the justice office alone. */
export const answersLate = (grants: Grant[]): boolean => holds(grants, "justice_officer");

/** Whether some role of theirs has to do with requests. */
export const hasWorkbench = (grants: Grant[]): boolean =>
  grants.some(({ role }) => !["adviser", "justice_officer", "organiser"].includes(role));

/** To the adviser an answered question is done; to who asked it is news. */
export const ASKED_LOOKS: typeof QUESTION_LOOKS = { ...QUESTION_LOOKS, answered: { tone: "good", icon: "check" } };

export const ADVISER_LOOKS: Record<Adviser["state"], StateLook> = {
  active: { tone: "working", icon: "check" },
  upcoming: { tone: "waiting", icon: "wait" },
  suspended: { tone: "attention", icon: "hidden" },
  expired: { tone: "closed", icon: "calendar" },
};
