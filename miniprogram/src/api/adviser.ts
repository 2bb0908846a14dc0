/** Every call of the legal advisers' and the justice office's pages, by what it means. */
import type { BookingState, Mode } from "./bookings";
import { act, download, get } from "./client";
import type { Intent } from "./intent";
import type { Adviser, Consultation, LegalQuestion } from "./legal";
import type { Page } from "./types";

/** A meeting staff book for somebody without a phone for it. */
export interface NewMeeting {
  starts_at: string;
  mode: Mode;
  name: string;
  phone: string | null;
  area_code: string;
  topic: string;
  opposing: string[];
  facts: string;
  since_on: string | null;
}

/** A booking that a changed plan would no longer offer. */
export interface Conflict {
  booking_id: string;
  starts_at: string;
  ends_at: string;
  mode: Mode;
}
export interface PlanRule {
  /** 1 is Monday. */
  weekday: number;
  starts: string;
  ends: string;
  slot_minutes: number;
  buffer_minutes: number;
  capacity: number;
  modes: Mode[];
  place: string | null;
  valid_from: string;
  valid_until: string | null;
  on_holidays: boolean;
}
export interface PlanException {
  id: string;
  kind: "closed" | "extra";
  starts_at: string;
  ends_at: string;
  reason: string | null;
}
export interface Plan {
  version: number;
  rules: PlanRule[];
  exceptions: PlanException[];
  lead_minutes: number;
  cancel_minutes: number;
  horizon_days: number;
  term_from: string;
  term_until: string | null;
}
export interface NewException {
  kind: "closed" | "extra";
  starts_at: string;
  ends_at: string;
  reason: string | null;
  slot_minutes?: number;
  modes?: Mode[];
  place?: string | null;
}

export interface AgendaItem {
  id: string;
  starts_at: string;
  ends_at: string;
  mode: Mode;
  place: string | null;
  state: BookingState;
  topic: string;
  person_name: string;
  /** Until the claim can no longer be made; null where no date is known. */
  days_left: number | null;
  displaced: boolean;
}
export interface Agenda {
  items: AgendaItem[];
  to_record: AgendaItem[];
  urgent: AgendaItem[];
  waiting: number;
}

export type Meeting = Consultation;
export type MeetingAction = Consultation["actions"][number];

export type Question = LegalQuestion & { asked_at: string; person_name: string };
export type QuestionsState = "open" | "answered" | "all";
export interface QuestionItem {
  id: string;
  topic: string;
  summary: string;
  state: "open" | "answered" | "closed";
  asked_at: string;
  due_at: string;
  overdue: boolean;
  adviser_name: string | null;
  person_name: string;
  days_left: number | null;
}

export interface LedgerEntry {
  id: string;
  kind: "consultation" | "question" | "lecture" | "contract_review" | "visit";
  served_on: string;
  starts_at: string | null;
  minutes: number | null;
  mode: Mode | null;
  village: { code: string; name: string };
  adviser: { id: string; name: string };
  client: string | null;
  topic: string | null;
  title: string | null;
  summary: string | null;
  opinion: string | null;
  attendees: number | null;
  entered_at: string;
  entered_later: boolean;
  source: "service" | "entered";
  voided: { at: string; reason: string } | null;
  can_void: boolean;
}
export interface LedgerFilter {
  adviser?: string;
  village?: string;
  from?: string;
  to?: string;
}
export interface NewEntry {
  kind: "lecture" | "contract_review" | "visit";
  village: string;
  served_on: string;
  minutes: number;
  title: string;
  summary: string;
  attendees: number | null;
}

export type DraftState = "draft" | "submitted" | "returned" | "published" | "withdrawn";
export interface Article {
  law: string;
  article: string;
  text: string;
}
export interface Replacement {
  from: string;
  to: string;
  kind: string;
}
export interface Finding {
  /** JSON pointer into the case, as in /steps/0. */
  field: string;
  text: string;
  kind: string;
}
/** What an adviser writes of a case. */
export interface CaseText {
  title: string;
  topic: string;
  categories: string[];
  story: string;
  question: string;
  answer: string;
  steps: string[];
  articles: Article[];
}
export interface Draft extends CaseText {
  id: string;
  version: number;
  state: DraftState;
  /** What the matter said, while that is kept. */
  original: { facts: string; opinion: string } | null;
  replaced: Replacement[];
  findings: Finding[];
  reason: string | null;
  actions: DraftAction[];
}
export type DraftAction = "save" | "submit" | "approve" | "return" | "withdraw";
export interface DraftItem {
  id: string;
  title: string;
  topic: string;
  state: DraftState;
  adviser_name: string | null;
  updated_at: string;
}

export const desk = {
  me: () => get<Adviser>("/api/me/adviser"),
  agenda: (from: string, days: number) => get<Agenda>("/api/adviser/agenda", { from, days }),
  /** Six digits that whoever comes types or scans; they change every day. */
  code: (resource: string) => get<{ code: string; day: string }>(`/api/resources/${resource}/check-in-code`),
};

export const meetings = {
  one: (id: string) => get<Meeting>(`/api/consultations/${id}`),
  book: (intent: Intent, adviser: string, meeting: NewMeeting) =>
    act<Meeting>(intent, `/api/advisers/${adviser}/bookings`, meeting),
  serve: (intent: Intent, id: string, record: { opinion: string; minutes: number }) =>
    act<Meeting>(intent, `/api/consultations/${id}/serve`, record),
};

export const plans = {
  read: (resource: string) => get<Plan>(`/api/resources/${resource}/plan`),
  save: (intent: Intent, resource: string, plan: { version: number; rules: PlanRule[]; accepted: string[] }) =>
    act<Plan>(intent, `/api/resources/${resource}/plan`, plan, "PUT"),
  except: (intent: Intent, resource: string, exception: NewException & { accepted: string[] }) =>
    act<Plan>(intent, `/api/resources/${resource}/exceptions`, exception),
  unexcept: (intent: Intent, resource: string, id: string) =>
    act<Plan>(intent, `/api/resources/${resource}/exceptions/${id}/remove`, {}),
  /** A new secret address of the calendar; the one before stops. */
  feed: (intent: Intent, resource: string) => act<{ url: string }>(intent, `/api/resources/${resource}/calendar`, {}),
};

export const questions = {
  page: (state: QuestionsState, cursor: string | null) =>
    get<Page<QuestionItem>>("/api/adviser/questions", { state, cursor }),
  one: (id: string) => get<Question>(`/api/questions/${id}`),
  answer: (intent: Intent, id: string, answer: { text: string; minutes: number; attachment_ids: string[] }) =>
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
  begin: (intent: Intent, source: { source_kind: "consultation" | "question"; source_id: string }) =>
    act<Draft>(intent, "/api/cases", source),
  save: (intent: Intent, id: string, text: CaseText & { version: number }) =>
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
  suspend: (intent: Intent, id: string, reason: string) => act<Adviser>(intent, `/api/advisers/${id}/suspend`, { reason }),
  resume: (intent: Intent, id: string) => act<Adviser>(intent, `/api/advisers/${id}/resume`, {}),
  invite: (intent: Intent, id: string) =>
    act<{ code: string; expires_at: string }>(intent, `/api/advisers/${id}/invitation`, {}),
  /** A whole register as CSV: nothing is taken over unless every line is right. */
  take: (intent: Intent, csv: string) =>
    act<{ total: number; added: number; changed: number }>(intent, "/api/advisers/import", { csv }),
};
