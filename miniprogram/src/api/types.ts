/**
 * The API's own words, by the names the pages use. They are taken from schema.d.ts, which
 * `npm run api:types` makes from the backend's description, so a drift is a type error here.
 * Times are ISO 8601 with offset.
 */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export type Area = Schemas["Area"] & { has_children?: boolean };
export type Me = Schemas["Me"];
export type ProfileChanges = Schemas["ProfileChanges"];
export type Grant = Schemas["HeldRole"];
export type RoleCode = Grant["role"];

export type Catalogue = Omit<Schemas["Catalogue"], "categories"> & { categories: Category[] };
export type Category = Schemas["Category"] & { complaint: boolean };
export type Question = Schemas["Question"];
export type Emergency = Schemas["EmergencyNumber"];

export type Attachment = Schemas["AttachmentView"];
export interface About {
  unit_ids: string[];
  person_names: string[];
}
export type RequestDraft = Schemas["SubmitRequest"] & { mandate_id: string | null; about: About };
export type Place = RequestDraft["place"] & object;
export type Visibility = RequestDraft["visibility"];
/** What a question can be answered with. */
export type Answer = string | number | boolean;

export type RequestItem = Schemas["OwnItem"];
export type RequestView = Schemas["RequestView"];
export type RequestState = RequestView["state"];
export type RequestAction = RequestView["actions"][number];
export type Extension = Schemas["Extension"];
export type Material = Schemas["Material"];
export type SubTask = Schemas["Task"];
export type OutcomeView = Schemas["OutcomeView"];
export type OutcomeKind = OutcomeView["kind"];
export type TargetView = Schemas["Target"];
export type RatingView = Schemas["Rating"];
/** What of one's own to look at; all of it without one. */
export type RequestsView = NonNullable<NonNullable<paths["/api/requests"]["get"]["parameters"]["query"]>["view"]>;
export type Receipt = Schemas["Receipt"];
export type TimelineEvent = Schemas["TimelineEvent"];

export type Notice = Schemas["NoticeView"];
export type SubscriptionTemplate = Schemas["TemplateView"];
export type SubscribeOutcome = Schemas["AnswerFromWechat"]["outcome"];

/** A public request, without a word about who made it. */
export interface PublicItem {
  id: string;
  category: string;
  area_name: string;
  summary: string;
  state: RequestState;
  submitted_at: string;
  updated_at: string;
  unit_name: string | null;
  followers: number;
  following: boolean;
}
export interface PublicView extends PublicItem {
  text: string;
  due_at: string;
  outcome: OutcomeKind | null;
  timeline: { at: string; kind: string; unit_name: string | null }[];
}
/** What somebody who only knows the receipt learns. */
export interface Progress {
  number: string;
  state: RequestState;
  submitted_at: string;
  updated_at: string;
  due_at: string | null;
  due_provisional: boolean;
  overdue: boolean;
}
/** Something given once, that can be given again. */
export interface KeptMaterial {
  id: string;
  label: string;
  kind: Material["kind"];
  supplied_at: string;
  number: string;
  thumbnail_url: string | null;
}
export type PressureKind = "change_rating" | "withdraw" | "other";

export type Scope = "submit" | "act";
/** A consent by which one person acts for another. */
export interface Mandate {
  id: string;
  kind: "relative" | "grid_worker";
  state: "asked" | "active" | "revoked" | "expired";
  scopes: Scope[];
  principal: { id: string; name: string };
  agent: { id: string; name: string };
  valid_until: string;
  created_at: string;
}
export interface MandateCode {
  code: string;
  expires_at: string;
}
export interface RecordedConsent {
  name: string;
  phone?: string;
  area_code: string;
  scopes: Scope[];
  valid_days: number;
  how: "spoken" | "signed";
  statement: string;
  attachment_ids: string[];
}
export interface DataAccess {
  at: string;
  by_name: string;
  unit_name: string | null;
  fields: string[];
  number: string | null;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
