/** Every call of the workbench, by what it means. */
import { act, call, get } from "./client";
import type { Intent } from "./intent";
import type { Page, RequestItem, RoleCode } from "./types";

export type Queue = "mine" | "unit" | "dispatch" | "all";

export interface WorkItem extends RequestItem {
  /** Null where the resident is anonymous to the reader. */
  requester_name: string | null;
  handler_name: string | null;
}

/** Open requests in each queue; of all of them, the late ones and those due by midnight. */
export type WorkbenchSummary = Record<Queue | "overdue" | "due_today", number>;

export interface WorkFilter {
  queue: Queue;
  state?: string;
  category?: string;
  overdue?: boolean;
  q?: string;
  cursor?: string | null;
}

export interface Unit {
  id: string;
  code: string;
  name: string;
  kind: string;
  area: { code: string; name: string };
  phone: string | null;
}

export interface Member {
  id: string;
  name: string;
  role: RoleCode;
  role_id: string;
  valid_until: string | null;
}

export interface Invitation {
  role: RoleCode;
  unit_id?: string;
  area_code?: string;
  valid_until?: string;
}

export const workbench = {
  page: ({ overdue, ...filter }: WorkFilter) =>
    get<Page<WorkItem>>("/api/workbench/requests", { ...filter, overdue: overdue ? "true" : undefined }),
  summary: () => get<WorkbenchSummary>("/api/workbench/summary"),
};

export const units = {
  /** Those that serve an area, its own first. */
  serving: (area: string) => get<{ items: Unit[] }>("/api/units", { area }).then((answer) => answer.items),
  search: (q: string) => get<{ items: Unit[] }>("/api/units", { q }).then((answer) => answer.items),
  members: (id: string) =>
    get<{ items: Member[] }>(`/api/units/${id}/members`).then((answer) => answer.items),
};

export const appointments = {
  invite: (intent: Intent, invitation: Invitation) =>
    act<{ code: string; expires_at: string }>(intent, "/api/invitations", invitation),
  revoke: (roleId: string) => call<void>({ method: "DELETE", path: `/api/people/roles/${roleId}` }),
};
