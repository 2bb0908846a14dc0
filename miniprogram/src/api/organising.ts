/** Volunteering from the organiser's side: organisations, activities, shifts, rosters and codes. */
import { act, get } from "./client";
import type { Intent } from "./intent";
import type { components } from "./schema";
import type { Page } from "./types";
import type { Activity } from "./volunteering";

type Schemas = components["schemas"];

export type Organisation = Schemas["VolunteerOrganisation"];
export type NewOrganisation = Schemas["CreateOrganisation"];
export type NewShift = Required<Schemas["ShiftTimes"]>;
export type NewActivity = Required<Omit<Schemas["CreateActivity"], "shifts">> & { shifts: NewShift[] };
export type ActivityTerms = Omit<NewActivity, "shifts">;

export type OwnState = "draft" | "coming" | "past" | "cancelled";
export type OwnActivityItem = Schemas["OrganisedActivity"];

export type Roster = Schemas["Roster"];
export type RosterItem = Schemas["RosterLine"];
export type NewPerson = Required<Schemas["AddPerson"]>;
/** What the organiser's screen shows; good until the next one and a little longer. */
export type ShiftCode = Schemas["ShiftCode"];

export const organisations = {
  mine: () => get<{ items: Organisation[] }>("/api/me/organisations").then((answer) => answer.items),
  add: (intent: Intent, what: NewOrganisation) => act<Schemas["VolunteerOrganisations"]>(intent, "/api/organisations", what),
  /** It stays where it is. */
  change: (intent: Intent, id: string, what: Omit<NewOrganisation, "area_code">) =>
    act<Schemas["VolunteerOrganisations"]>(intent, `/api/organisations/${id}`, what, "PUT"),
};

export const organising = {
  page: (state: OwnState, cursor?: string | null) =>
    get<Page<OwnActivityItem>>("/api/organiser/activities", { state, cursor }),
  create: (intent: Intent, what: NewActivity) => act<Activity>(intent, "/api/activities", what),
  change: (intent: Intent, id: string, what: ActivityTerms & { version: number }) =>
    act<Activity>(intent, `/api/activities/${id}`, what, "PUT"),
  publish: (intent: Intent, id: string, version: number) =>
    act<Activity>(intent, `/api/activities/${id}/publish`, { version }),
  cancel: (intent: Intent, id: string, why: { version: number; reason: string }) =>
    act<Activity>(intent, `/api/activities/${id}/cancel`, why),
};

export const shifts = {
  add: (intent: Intent, activityId: string, what: NewShift) =>
    act<Activity>(intent, `/api/activities/${activityId}/shifts`, what),
  change: (intent: Intent, id: string, what: NewShift & { version: number }) =>
    act<Activity>(intent, `/api/shifts/${id}`, what, "PUT"),
  cancel: (intent: Intent, id: string, why: { version: number; reason: string }) =>
    act<Activity>(intent, `/api/shifts/${id}/cancel`, why),
  roster: (id: string) => get<Roster>(`/api/shifts/${id}/roster`),
  /** Somebody who has no phone for it. */
  addPerson: (intent: Intent, id: string, who: NewPerson) => act<Roster>(intent, `/api/shifts/${id}/people`, who),
  code: (id: string) => get<ShiftCode>(`/api/shifts/${id}/code`),
};

export const people = {
  approve: (intent: Intent, signupId: string) => act<Roster>(intent, `/api/signups/${signupId}/approve`, {}),
  decline: (intent: Intent, signupId: string, reason: string) =>
    act<Roster>(intent, `/api/signups/${signupId}/decline`, { reason }),
  /** From when till when they were there. */
  confirm: (intent: Intent, signupId: string, was: { in_at: string; out_at: string }) =>
    act<Roster>(intent, `/api/signups/${signupId}/confirm-hours`, was),
};
