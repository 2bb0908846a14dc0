import type { Grant, RequestState, RoleCode } from "@/api/types";
import type { Queue } from "@/api/workbench";

/** The queues a role works on, the one it looks at first in front. Other roles have none. */
const QUEUES: Partial<Record<RoleCode, Queue[]>> = {
  unit_lead: ["unit", "mine", "tasks", "decide"],
  handler: ["mine", "unit", "tasks"],
  dispatcher: ["dispatch", "decide", "all"],
  supervisor: ["decide", "all"],
};

/** The queues of somebody who holds these grants, each once; the first is where they begin. */
export function queuesFor(grants: Grant[]): Queue[] {
  const roles = Object.keys(QUEUES) as RoleCode[];
  const held = roles.filter((role) => grants.some((grant) => grant.role === role));
  return [...new Set(held.flatMap((role) => QUEUES[role] ?? []))];
}

/** Whether the person takes up what residents report of pressure on them. */
export const inspects = (grants: Grant[]): boolean => grants.some(({ role }) => role === "inspector");

/** The queue in which everything the person may see of the others is, too. */
export const widest = (queues: Queue[]): Queue | undefined =>
  (["all", "unit", "dispatch", "mine"] as const).find((queue) => queues.includes(queue));

/** What a queue is narrowed to; "" leaves it wide. */
export interface Narrowing {
  state: RequestState | "";
  category: string;
  due: "" | "overdue" | "due_today";
}

export const everything = (): Narrowing => ({ state: "", category: "", due: "" });
