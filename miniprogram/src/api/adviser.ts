/** Every call of the legal advisers' and the justice office's pages, by what it means. */
import { act, download, get } from "./client";
import type { Intent } from "./intent";
import type { Adviser, Consultation, LegalQuestion } from "./legal";
import type { components, paths } from "./schema";
import type { Page } from "./types";

type Schemas = components["schemas"];

export type AgendaItem = Schemas["AgendaItem"];
export type Meeting = Consultation;
export type MeetingAction = Meeting["actions"][number];
/** A meeting staff book for somebody without a phone for it. */
export type NewMeeting = Schemas["BookForOther"];

export type Plan = Schemas["PlanView"];
export type PlanRule = Schemas["RuleView"];
export type PlanException = Schemas["ExceptionView"];
export type NewException = Omit<Schemas["AddException"], "accepted">;
/** A booking that a changed plan would no longer offer. */
export type Conflict = { booking_id: string } & Pick<AgendaItem, "starts_at" | "ends_at" | "mode">;

export type Question = LegalQuestion;
export type QuestionItem = Schemas["QuestionToAnswer"];
export type QuestionsState = NonNullable<
  NonNullable<paths["/api/adviser/questions"]["get"]["parameters"]["query"]>["state"]
>;

export type LedgerEntry = Schemas["LedgerEntry"];
export type LedgerFilter = NonNullable<paths["/api/ledger.xlsx"]["get"]["parameters"]["query"]>;
export type NewEntry = Schemas["EnterService"];

export type Draft = Schemas["Draft"];
export type DraftItem = Schemas["DraftItem"];
export type DraftState = Draft["state"];
export type DraftAction = Draft["actions"][number];
export type Article = Schemas["CitedArticle"];
export type Replacement = Schemas["Replaced"];
/** `field` is a JSON pointer into the case, as in /steps/0. */
export type Finding = Schemas["Finding"];
/** What an adviser writes of a case. */
export type CaseText = Omit<Schemas["SaveDraft"], "version">;

export const desk = {
  me: () => get<Schemas["AdviserDetail"]>("/api/me/adviser"),
  agenda: (from: string, days: number) => get<Schemas["Agenda"]>("/api/adviser/agenda", { from, days }),
  /** Six digits that whoever comes types or scans; they change every day. */
  code: (resource: string) => get<Schemas["Code"]>(`/api/resources/${resource}/check-in-code`),
  /** Names are never kept: only what finds them again. */
  remember: (intent: Intent, parties: Schemas["Parties"]) => act<void>(intent, "/api/adviser/parties", parties),
};

export const meetings = {
  one: (id: string) => get<Meeting>(`/api/consultations/${id}`),
  book: (intent: Intent, adviser: string, meeting: NewMeeting) =>
    act<Meeting>(intent, `/api/advisers/${adviser}/bookings`, meeting),
  serve: (intent: Intent, id: string, record: Schemas["Serve"]) =>
    act<Meeting>(intent, `/api/consultations/${id}/serve`, record),
};

export const plans = {
  read: (resource: string) => get<Plan>(`/api/resources/${resource}/plan`),
  save: (intent: Intent, resource: string, plan: Schemas["ChangePlan"]) =>
    act<Plan>(intent, `/api/resources/${resource}/plan`, plan, "PUT"),
  except: (intent: Intent, resource: string, exception: Schemas["AddException"]) =>
    act<Plan>(intent, `/api/resources/${resource}/exceptions`, exception),
  unexcept: (intent: Intent, resource: string, id: string) =>
    act<Plan>(intent, `/api/resources/${resource}/exceptions/${id}/remove`, {}),
  /** A new secret address of the calendar; the one before stops. */
  feed: (intent: Intent, resource: string) => act<Schemas["Link"]>(intent, `/api/resources/${resource}/calendar`, {}),
};

export const questions = {
  page: (state: QuestionsState, cursor: string | null) =>
    get<Page<QuestionItem>>("/api/adviser/questions", { state, cursor }),
  one: (id: string) => get<Question>(`/api/questions/${id}`),
  answer: (intent: Intent, id: string, answer: Schemas["WritePost"]) =>
    act<Question>(intent, `/api/questions/${id}/posts`, answer),
};

export const ledger = {
  page: (filter: LedgerFilter, cursor: string | null) =>
    get<Page<LedgerEntry>>("/api/ledger", { ...filter, cursor }),
  add: (intent: Intent, entry: NewEntry) => act<LedgerEntry>(intent, "/api/ledger", entry),
  cancel: (intent: Intent, id: string, reason: string) => act<LedgerEntry>(intent, `/api/ledger/${id}/void`, { reason }),
  workbook: (filter: LedgerFilter, name: string) => download("/api/ledger.xlsx", name, { ...filter }),
};

export const drafts = {
  page: (state: DraftState | "", cursor: string | null) => get<Page<DraftItem>>("/api/cases", { state, cursor }),
  one: (id: string) => get<Draft>(`/api/cases/${id}`),
  begin: (intent: Intent, source: Schemas["NewDraft"]) =>
    act<Draft>(intent, "/api/cases", source),
  save: (intent: Intent, id: string, text: Schemas["SaveDraft"]) =>
    act<Draft>(intent, `/api/cases/${id}`, text, "PUT"),
  submit: (intent: Intent, id: string, version: number, checked: boolean) =>
    act<Draft>(intent, `/api/cases/${id}/submit`, { version, checked }),
  approve: (intent: Intent, id: string, version: number) => act<Draft>(intent, `/api/cases/${id}/approve`, { version }),
  /** Back to the adviser, or off the list: always with a reason. */
  refuse: (intent: Intent, id: string, how: "return" | "withdraw", version: number, reason: string) =>
    act<Draft>(intent, `/api/cases/${id}/${how}`, { version, reason }),
};

export const register = {
  page: (filter: { q?: string; area?: string }, cursor: string | null) =>
    get<Page<Adviser>>("/api/advisers", { ...filter, cursor }),
  suspend: (intent: Intent, id: string, reason: string) => act<Schemas["AdviserDetail"]>(intent, `/api/advisers/${id}/suspend`, { reason }),
  resume: (intent: Intent, id: string) => act<Schemas["AdviserDetail"]>(intent, `/api/advisers/${id}/resume`, {}),
  invite: (intent: Intent, id: string) =>
    act<Schemas["AdviserInvitation"]>(intent, `/api/advisers/${id}/invitation`, {}),
  /** A whole register as CSV: nothing is taken over unless every line is right. */
  take: (intent: Intent, csv: string) =>
    act<Schemas["AdviserImported"]>(intent, "/api/advisers/import", { csv }),
};
