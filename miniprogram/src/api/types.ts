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

export type Catalogue = Schemas["Catalogue"];
export type Category = Schemas["Category"];
export type Question = Schemas["Question"];
export type Emergency = Schemas["EmergencyNumber"];

export type Attachment = Schemas["AttachmentView"];
export type RequestDraft = Schemas["SubmitRequest"];
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
export type PublicItem = Schemas["PublicItem"];
export type PublicView = Schemas["PublicRequest"];
/** What somebody who only knows the receipt learns. */
export type Progress = Schemas["Progress"];
/** Something given once, that can be given again. */
export type KeptMaterial = Schemas["GivenItem"];
/** What the resident reported of pressure on them, and what an inspector found. */
export type OwnReport = Schemas["OwnReport"];
export type PressureKind = OwnReport["kind"];

/** A consent by which one person acts for another. */
export type Mandate = Schemas["MandateView"];
export type MandateTerms = Schemas["MandateTerms"];
export type MandateCode = Schemas["NewMandateCode"];
export type RecordedConsent = Schemas["RecordedConsent"];
export type Scope = MandateTerms["scopes"][number];
export type DataAccess = Schemas["DataAccess"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
