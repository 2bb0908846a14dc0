/** The legal adviser's side that residents see: who serves, meetings, written questions. */
import { act, get, getOpen } from "./client";
import type { Intent } from "./intent";
import type { components } from "./schema";
import type { Page } from "./types";

type Schemas = components["schemas"];

/** The id is also that of what is booked. */
export type Adviser = Schemas["Adviser"];
export type Serving = Schemas["Serving"];
export type Topic = Schemas["LegalTopic"];
export type Limitation = Schemas["Limitation"];
export type LegalRating = Schemas["MeetingRating"];

export type Consultation = Schemas["Consultation"];
export type ConsultationItem = Schemas["OwnMeeting"];
export type NewConsultation = Schemas["Book"];
/** Somebody else who can take what the chosen adviser cannot. */
export type OtherAdviser = Pick<Adviser, "id" | "name" | "firm" | "next_free">;

export type LegalQuestion = Schemas["AdviserQuestion"];
export type QuestionItem = Schemas["OwnQuestion"];
export type Post = Schemas["QuestionPost"];
export type NewQuestion = Schemas["AskAdviser"];

export const advisers = {
  serving: (area: string) => get<Serving>("/api/advisers/serving", { area }),
  one: (id: string) => get<Schemas["AdviserDetail"]>(`/api/advisers/${id}`),
};

export const topics = (): Promise<Topic[]> =>
  getOpen<Schemas["LegalTopics"]>("/api/legal/topics").then((answer) => answer.items);

export const consultations = {
  mine: (when: "coming" | "past", cursor?: string | null) =>
    get<Page<ConsultationItem>>("/api/me/consultations", { when, cursor }),
  one: (id: string) => get<Consultation>(`/api/consultations/${id}`),
  /** Makes a held time a booked one. */
  book: (intent: Intent, draft: NewConsultation) => act<Consultation>(intent, "/api/consultations", draft),
  rate: (intent: Intent, id: string, rating: Schemas["RateMeeting"]) =>
    act<Consultation>(intent, `/api/consultations/${id}/rating`, rating, "PUT"),
};

export const questions = {
  mine: (cursor?: string | null) => get<Page<QuestionItem>>("/api/me/questions", { cursor }),
  one: (id: string) => get<LegalQuestion>(`/api/questions/${id}`),
  ask: (intent: Intent, draft: NewQuestion) => act<LegalQuestion>(intent, "/api/questions", draft),
  post: (intent: Intent, id: string, post: Schemas["WritePost"]) =>
    act<LegalQuestion>(intent, `/api/questions/${id}/posts`, post),
  close: (intent: Intent, id: string) => act<LegalQuestion>(intent, `/api/questions/${id}/close`, {}),
  rate: (intent: Intent, id: string, rating: Schemas["RateAnswer"]) =>
    act<LegalQuestion>(intent, `/api/questions/${id}/rating`, rating, "PUT"),
};
