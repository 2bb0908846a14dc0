/** Volunteering: activities and their shifts, one's own sign-ups and hours, and the organisers' side. */
import { act, get, getOpen } from "./client";
import type { Intent } from "./intent";
import type { components } from "./schema";
import type { Page } from "./types";

type Schemas = components["schemas"];

export type Terms = Schemas["VolunteeringTerms"];
export type Kind = Schemas["TermKind"];
export type Skill = Schemas["TermSkill"];
export type ActivityArea = Schemas["VolunteeringArea"];
/** Somebody to call. */
export type Contact = Schemas["ActivityContact"];

export type ActivityItem = Schemas["ActivityItem"];
export type Activity = Schemas["Activity"];
export type Shift = Schemas["ActivityShift"];
export type Times = Pick<Shift, "starts_at" | "ends_at">;
export type ActivityState = Activity["state"];
export type Near = "village" | "township" | "county";

export type Volunteer = Schemas["Volunteer"];
export type NewVolunteer = Pick<Volunteer, "born_on" | "skills" | "guardian">;

export type Signup = Schemas["Signup"];
export type SignupState = Signup["state"];
export type Hours = Schemas["Hours"];
export type HoursClass = Hours["class"];
export type HoursTotals = Schemas["HoursTotals"];

export interface ActivityFilter {
  area: string;
  near: Near;
  kind: string;
  /** YYYY-MM-DD */
  from: string;
  to: string;
}

export const terms = (): Promise<Terms> => getOpen<Terms>("/api/volunteering/terms");

export const activities = {
  page: (filter: ActivityFilter, cursor?: string | null) =>
    get<Page<ActivityItem>>("/api/activities", { ...filter, cursor }),
  one: (id: string) => get<Activity>(`/api/activities/${id}`),
};

/** Of the person themselves, or of whom they act for. */
export const volunteer = {
  /** 404 until there is one. */
  me: (mandateId: string | null) => get<Volunteer>("/api/me/volunteer", { mandate_id: mandateId }),
  save: (intent: Intent, profile: NewVolunteer, mandateId: string | null) =>
    act<Volunteer>(intent, "/api/me/volunteer", { ...profile, mandate_id: mandateId }, "PUT"),
};

/** Coming and going. */
export type Way = "in" | "out";

/** What is sent to check in or out; `kept`: it was scanned without network and is sent later. */
export const presence = (id: string, way: Way, code: string, kept: boolean) => ({
  path: `/api/signups/${id}/check-${way}`,
  body: { code, kept },
});

export const signups = {
  make: (intent: Intent, shiftId: string, mandateId: string | null) =>
    act<Signup>(intent, `/api/shifts/${shiftId}/signups`, { mandate_id: mandateId }),
  mine: (when: "coming" | "past", cursor?: string | null) => get<Page<Signup>>("/api/me/signups", { when, cursor }),
  one: (id: string) => get<Signup>(`/api/signups/${id}`),
  cancel: (intent: Intent, id: string) => act<Signup>(intent, `/api/signups/${id}/cancel`, {}),
  /** Takes the place that became free. */
  accept: (intent: Intent, id: string) => act<Signup>(intent, `/api/signups/${id}/accept`, {}),
  /** Comes although the shift was changed. */
  keep: (intent: Intent, id: string) => act<Signup>(intent, `/api/signups/${id}/keep`, {}),
  attend: (intent: Intent, { path, body }: ReturnType<typeof presence>) => act<Signup>(intent, path, body),
};

export const hours = {
  page: (cursor?: string | null) => get<Page<Hours>>("/api/me/hours", { cursor }),
  totals: () => get<HoursTotals>("/api/me/hours/totals"),
};
