/** Every call the pages make, by what it means. */
import { act, call, download, get, getOpen } from "./client";
import { Intent } from "./intent";
import { send } from "./transport";
import type {
  Area,
  Catalogue,
  DataAccess,
  KeptMaterial,
  Me,
  Notice,
  OwnReport,
  Page,
  PressureKind,
  ProfileChanges,
  RequestDraft,
  RequestItem,
  RequestsView,
  RequestView,
  SubscriptionTemplate,
} from "./types";
import type { SubscribeOutcome } from "@/platform";

export const people = {
  me: () => get<Me>("/api/me"),
  /** What is left out stays as it is. */
  change: (changes: ProfileChanges) =>
    call<Me>({ method: "PUT", path: "/api/me", body: changes }).then((reply) => reply.body),
  setPhone: (phone: { code: string } | { phone: string }) =>
    call<Me>({ method: "PUT", path: "/api/me/phone", body: phone }).then((reply) => reply.body),
  join: (intent: Intent, code: string) => act<Me>(intent, "/api/me/roles", { invitation_code: code }),
  signOutEverywhere: () => call<void>({ method: "DELETE", path: "/api/sessions" }),
};

/** What is held about the person, and who looked at it. */
export const ownData = {
  looks: (cursor?: string | null) => get<Page<DataAccess>>("/api/me/access-log", { cursor }),
  download: (name: string) => download("/api/me/data", name),
  close: (intent: Intent) => act<void>(intent, "/api/me/close", { confirm: true }),
  /** What was supplied to earlier requests and can be used again. */
  materials: (kind: KeptMaterial["kind"]) =>
    get<{ items: KeptMaterial[] }>("/api/me/materials", { kind }).then((answer) => answer.items),
};

export const areas = {
  top: () => getOpen<{ items: Area[] }>("/api/areas").then((answer) => answer.items),
  under: (parent: string) =>
    getOpen<{ items: Area[] }>("/api/areas", { parent }).then((answer) => answer.items),
  search: (q: string) => getOpen<{ items: Area[] }>("/api/areas", { q }).then((answer) => answer.items),
  one: (code: string) => getOpen<Area & { path: Area[] }>(`/api/areas/${code}`),
};

export const catalogue = {
  read: (etag: string | null) =>
    send<Catalogue>({
      method: "GET",
      path: "/api/catalogue",
      headers: etag ? { "If-None-Match": etag } : {},
    }),
};

export interface RequestFilter {
  view?: RequestsView;
  q?: string;
  cursor?: string | null;
  limit?: number;
}

export const requests = {
  mine: (filter: RequestFilter) => get<Page<RequestItem>>("/api/requests", { ...filter }),
  one: (id: string) => get<RequestView>(`/api/requests/${id}`),
  submit: (intent: Intent, draft: RequestDraft) => act<RequestView>(intent, "/api/requests", draft),
  /** Every change of a request has this shape: the version seen, and what the action asks for. */
  act: (intent: Intent, id: string, action: string, body: { version: number } & Record<string, unknown>) =>
    act<RequestView>(intent, `/api/requests/${id}/${action}`, body),
  rate: (intent: Intent, id: string, rating: { score: number; comment?: string }) =>
    act<RequestView>(intent, `/api/requests/${id}/rating`, rating, "PUT"),
  /** The one page to print. */
  receipt: (id: string, name: string) => download(`/api/requests/${id}/receipt.pdf`, name),
  /** Somebody wants the resident to change a rating or to withdraw; no unit reads it. */
  reportPressure: (intent: Intent, id: string, report: { kind: PressureKind; text: string }) =>
    act<{ id: string; at: string }>(intent, `/api/requests/${id}/pressure`, report),
  reports: (id: string) => get<{ items: OwnReport[] }>(`/api/requests/${id}/pressure`),
};

export const attachments = {
  remove: (id: string) => call<void>({ method: "DELETE", path: `/api/attachments/${id}` }),
};

export const notices = {
  page: (cursor?: string | null) => get<Page<Notice>>("/api/notices", { cursor }),
  unread: () => get<{ count: number }>("/api/notices/unread").then((answer) => answer.count),
  read: (intent: Intent, ids?: string[]) => act<void>(intent, "/api/notices/read", ids ? { ids } : {}),
};

export const subscriptions = {
  worthAsking: (moment: string) =>
    get<{ templates: SubscriptionTemplate[] }>("/api/subscriptions", { moment }).then(
      (answer) => answer.templates,
    ),
  report: (intent: Intent, results: { template_id: string; outcome: SubscribeOutcome }[]) =>
    act<{ templates: SubscriptionTemplate[] }>(intent, "/api/subscriptions", { results }),
};
