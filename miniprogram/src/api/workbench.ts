/** Every call of the workbench, by what it means. */
import type { StaffAction } from "@/domain/actions";
import { act, call, get } from "./client";
import type { Intent } from "./intent";
import type { components } from "./schema";
import type { Page, RequestState, RequestView } from "./types";

type Schemas = components["schemas"];

export type Queue = "mine" | "unit" | "tasks" | "decide" | "dispatch" | "all";
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

/** Where an action is sent; one on a sub-task does not depend on the request's version. */
function target(action: StaffAction, view: RequestView, taskId: string | null): [path: string, version: object] {
  const version = { version: view.version };
  switch (action) {
    case "open-task":
      return ["tasks", version];
    case "answer-task":
      return [`tasks/${taskId}/answer`, {}];
    case "cancel-task":
      return [`tasks/${taskId}/cancel`, {}];
    default:
      return [action, version];
  }
}

export const workbench = {
  page: ({ states, overdue, due_today, ...filter }: WorkFilter) =>
    get<Page<WorkItem>>("/api/workbench/requests", {
      ...filter,
      state: states?.join(","),
      overdue: overdue ? "true" : undefined,
      due_today: due_today ? "true" : undefined,
    }),
  one: (id: string) => get<RequestView>(`/api/requests/${id}`),
  act(intent: Intent, action: StaffAction, view: RequestView, taskId: string | null, body: object) {
    const [path, version] = target(action, view, taskId);
    return act<RequestView>(intent, `/api/requests/${view.id}/${path}`, { ...version, ...body });
  },
  /** The requester's number in clear; the server records each look at it. */
  contact: (id: string) =>
    call<Contact>({ method: "POST", path: `/api/requests/${id}/contact` }).then((reply) => reply.body),
  summary: () => get<WorkbenchSummary>("/api/workbench/summary"),
};

/** What a resident reports of pressure to change a rating or to withdraw. */
export type Report = Schemas["ReportItem"];

export const inspection = {
  reports: (open: boolean, cursor: string | null) =>
    get<Page<Report>>("/api/inspection/reports", { open: String(open), cursor }),
  /** Whom to call; the server records each look at it. */
  contact: (id: string) =>
    call<Contact>({ method: "POST", path: `/api/inspection/reports/${id}/contact` }).then((reply) => reply.body),
  close: (intent: Intent, id: string, finding: string) =>
    act<Report>(intent, `/api/inspection/reports/${id}/close`, { finding }),
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
