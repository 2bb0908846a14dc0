/** The legal adviser's side that residents see: who serves, meetings, written questions. */
import type { Booking, Mode } from "./bookings";
import { act, get, getOpen } from "./client";
import type { Intent } from "./intent";
import type { Attachment, Page } from "./types";

export interface Adviser {
  /** Also the id of what is booked. */
  id: string;
  name: string;
  firm: string;
  licence_no: string;
  phone: string | null;
  languages: string[];
  intro: string | null;
  photo_url: string | null;
  term_from: string;
  term_until: string | null;
  state: "active" | "suspended" | "expired" | "upcoming";
  bookable: boolean;
  last_served_on: string | null;
  next_free: { starts_at: string; modes: Mode[] } | null;
  villages: { code: string; name: string }[];
  villages_count: number;
}
export interface Serving {
  area: { code: string; full_name: string };
  /** The village's own, also while they cannot be booked. */
  adviser: Adviser | null;
  /** Who serves while the own one does not. */
  meanwhile: Adviser[];
  justice_office: { name: string; phone: string | null } | null;
}
export interface Topic {
  code: string;
  name: string;
  description: string;
  categories: string[];
  limitation: { text: string; article: string; note: string } | null;
}
export interface Limitation {
  until_on: string;
  days_left: number;
  article: string;
}
export interface LegalRating {
  score: number;
  comment: string | null;
  at: string;
}
export interface Consultation {
  id: string;
  booking: Booking;
  adviser: { id: string; name: string; firm: string; phone: string | null };
  topic: string;
  opposing: string[];
  facts: string;
  since_on: string | null;
  limitation: Limitation | null;
  attachments: Attachment[];
  keep_private: boolean;
  person_name: string;
  on_behalf: { agent_name: string } | null;
  opinion: string | null;
  minutes: number | null;
  served_at: string | null;
  rating: LegalRating | null;
  mine: boolean;
  actions: ("move" | "cancel" | "check-in" | "no-show" | "serve" | "rate")[];
  case_id: string | null;
}
export interface ConsultationItem {
  id: string;
  adviser_name: string;
  topic: string;
  state: Booking["state"];
  starts_at: string;
  ends_at: string;
  mode: Mode;
  place: string | null;
  for_name: string | null;
  displaced: boolean;
}
/** Somebody else who can take what the chosen adviser cannot. */
export interface OtherAdviser {
  id: string;
  name: string;
  firm: string;
  next_free: { starts_at: string; modes: Mode[] } | null;
}
export interface NewConsultation {
  booking_id: string;
  topic: string;
  opposing: string[];
  facts: string;
  since_on: string | null;
  attachment_ids: string[];
  keep_private: boolean;
}
export interface NewQuestion {
  area_code: string;
  topic: string;
  text: string;
  opposing: string[];
  since_on: string | null;
  attachment_ids: string[];
  keep_private: boolean;
  mandate_id: string | null;
}
export interface Post {
  seq: number;
  at: string;
  by: { name: string; role: "resident" | "agent" | "adviser" | "standby" | "justice_officer" };
  text: string;
  attachments: Attachment[];
}
export interface LegalQuestion {
  id: string;
  state: "open" | "answered" | "closed";
  adviser: { id: string; name: string; firm: string } | null;
  topic: string;
  text: string;
  opposing: string[];
  due_at: string;
  overdue: boolean;
  answered_at: string | null;
  attachments: Attachment[];
  posts: Post[];
  limitation: Limitation | null;
  keep_private: boolean;
  on_behalf: { agent_name: string } | null;
  mine: boolean;
  rating: LegalRating | null;
  actions: ("post" | "close" | "rate" | "answer")[];
  case_id: string | null;
}
export interface QuestionItem {
  id: string;
  topic: string;
  summary: string;
  state: LegalQuestion["state"];
  asked_at: string;
  due_at: string;
  overdue: boolean;
  adviser_name: string | null;
  for_name: string | null;
}

type Rated = { score: number; comment?: string };

export const advisers = {
  serving: (area: string) => get<Serving>("/api/advisers/serving", { area }),
  one: (id: string) => get<Adviser>(`/api/advisers/${id}`),
};

export const topics = (): Promise<Topic[]> =>
  getOpen<{ items: Topic[] }>("/api/legal/topics").then((answer) => answer.items);

export const consultations = {
  mine: (when: "coming" | "past", cursor?: string | null) =>
    get<Page<ConsultationItem>>("/api/me/consultations", { when, cursor }),
  one: (id: string) => get<Consultation>(`/api/consultations/${id}`),
  /** Makes a held time a booked one. */
  book: (intent: Intent, draft: NewConsultation) => act<Consultation>(intent, "/api/consultations", draft),
  rate: (intent: Intent, id: string, rating: Rated) =>
    act<Consultation>(intent, `/api/consultations/${id}/rating`, rating, "PUT"),
};

export const questions = {
  mine: (cursor?: string | null) => get<Page<QuestionItem>>("/api/me/questions", { cursor }),
  one: (id: string) => get<LegalQuestion>(`/api/questions/${id}`),
  ask: (intent: Intent, draft: NewQuestion) => act<LegalQuestion>(intent, "/api/questions", draft),
  post: (intent: Intent, id: string, post: { text: string; attachment_ids: string[] }) =>
    act<LegalQuestion>(intent, `/api/questions/${id}/posts`, post),
  close: (intent: Intent, id: string) => act<LegalQuestion>(intent, `/api/questions/${id}/close`, {}),
  rate: (intent: Intent, id: string, rating: Rated) =>
    act<LegalQuestion>(intent, `/api/questions/${id}/rating`, rating, "PUT"),
};
