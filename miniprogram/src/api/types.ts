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

export type RequestItem = Schemas["RequestItem"];
export type RequestView = Schemas["RequestView"];
/** What of one's own to look at; all of it without one. */
export type RequestsView = NonNullable<NonNullable<paths["/api/requests"]["get"]["parameters"]["query"]>["view"]>;
export type RequestState = RequestView["state"];
export type Receipt = Schemas["Receipt"];
export type TimelineEvent = Schemas["TimelineEvent"];

export type Notice = Schemas["NoticeView"];
export type SubscriptionTemplate = Schemas["TemplateView"];
export type SubscribeOutcome = Schemas["AnswerFromWechat"]["outcome"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
