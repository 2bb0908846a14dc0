/** Every call of the workbench, by what it means. */
import { act, call, get } from "./client";
import type { Intent } from "./intent";
import type { components } from "./schema";
import type { Page, RequestState } from "./types";

type Schemas = components["schemas"];

export type Queue = "mine" | "unit" | "dispatch" | "all";
export type WorkItem = Schemas["WorkItem"];
export type WorkbenchSummary = Schemas["WorkbenchSummary"];
export type Contact = Schemas["Contact"];
export type Unit = Schemas["Unit"];
export type Member = Schemas["UnitMember"];
export type Invitation = Schemas["InvitationRequest"];
export type NewInvitation = Schemas["NewInvitation"];

export interface WorkFilter {
  queue: Queue;
  states?: RequestState[];
  category?: string;
  overdue?: boolean;
  due_today?: boolean;
  q?: string;
  cursor?: string | null;
}

export const workbench = {
  page: ({ states, overdue, due_today, ...filter }: WorkFilter) =>
    get<Page<WorkItem>>("/api/workbench/requests", {
      ...filter,
      state: states?.join(","),
      overdue: overdue ? "true" : undefined,
      due_today: due_today ? "true" : undefined,
    }),
  /** The requester's number in clear; the server records each look at it. */
  contact: (id: string) =>
    call<Contact>({ method: "POST", path: `/api/requests/${id}/contact` }).then((reply) => reply.body),
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
    act<NewInvitation>(intent, "/api/invitations", invitation),
  revoke: (roleId: string) => call<void>({ method: "DELETE", path: `/api/people/roles/${roleId}` }),
};
