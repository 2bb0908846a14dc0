/** Volunteering from the organiser's side: organisations, activities, shifts, rosters and codes. */
import { act, get } from "./client";
import type { Intent } from "./intent";
import type { Page } from "./types";
import type { Activity, ActivityArea, ActivityItem, Contact, HoursClass, Shift, SignupState, Times } from "./volunteering";

export interface NewOrganisation {
  name: string;
  area_code: string;
  phone: string | null;
}
export interface Organisation {
  id: string;
  name: string;
  area: ActivityArea;
  phone: string | null;
}

export interface NewShift extends Times {
  capacity: number;
  note: string | null;
  beat: string[];
}
export interface ActivityTerms {
  organisation_id: string;
  kind: string;
  title: string;
  description: string;
  area_code: string;
  place: string;
  contact: Contact;
  min_age: number | null;
  skills: string[];
  insured: boolean;
  needs_approval: boolean;
  opens_at: string | null;
  closes_at: string | null;
  attachment_ids: string[];
}
export type NewActivity = ActivityTerms & { shifts: NewShift[] };

export type OwnState = "draft" | "coming" | "past" | "cancelled";
export type OwnActivityItem = ActivityItem & { to_approve: number; to_confirm: number };

export interface RosterItem {
  signup_id: string;
  name: string | null;
  /** Masked. */
  phone: string | null;
  age: number | null;
  guardian: Contact | null;
  skills: string[];
  state: SignupState;
  position: number | null;
  in_at: string | null;
  out_at: string | null;
  /** A scan came later than it was made: the organiser confirms. */
  kept: boolean;
  minutes: number | null;
  class: HoursClass | null;
  to_confirm: boolean;
  actions: ("approve" | "decline" | "confirm")[];
}
export interface Roster {
  shift: Shift;
  activity: { id: string; title: string };
  items: RosterItem[];
}
export interface NewPerson {
  name: string;
  phone: string | null;
  area_code: string;
}
/** What the organiser's screen shows; good until the next one and a little longer. */
export interface ShiftCode {
  qr: string;
  digits: string;
  until: string;
  /** The server's clock. */
  now: string;
}

export const organisations = {
  mine: () => get<{ items: Organisation[] }>("/api/me/organisations").then((answer) => answer.items),
  add: (intent: Intent, what: NewOrganisation) => act<Organisation>(intent, "/api/organisations", what),
  /** It stays where it is. */
  change: (intent: Intent, id: string, what: Omit<NewOrganisation, "area_code">) =>
    act<Organisation>(intent, `/api/organisations/${id}`, what, "PUT"),
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
  addPerson: (intent: Intent, id: string, who: NewPerson) => act<unknown>(intent, `/api/shifts/${id}/people`, who),
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
