/** Volunteering: activities and their shifts, one's own sign-ups and hours, and the organisers' side. */
import { act, get, getOpen } from "./client";
import type { Intent } from "./intent";
import type { Attachment, Page } from "./types";

export interface Kind {
  code: string;
  name: string;
  /** Volunteers are insured. */
  risky: boolean;
  /** Its shifts may have a beat. */
  patrol: boolean;
  /** Somebody is helped at an address only those who come learn. */
  help: boolean;
}
export interface Skill {
  code: string;
  name: string;
}
export interface Terms {
  kinds: Kind[];
  skills: Skill[];
}

export interface ActivityArea {
  code: string;
  name: string;
  full_name: string;
}
/** Somebody to call. */
export interface Contact {
  name: string;
  phone: string;
}

export type ActivityState = "draft" | "published" | "running" | "finished" | "cancelled";
export type SignupState = "applied" | "confirmed" | "waiting" | "offered" | "declined" | "cancelled" | "lapsed";
export type HoursClass = "verified" | "confirmed" | "by_hand";
export type Near = "village" | "township" | "county";

export interface Times {
  starts_at: string;
  ends_at: string;
}
export interface ActivityItem {
  id: string;
  kind: string;
  title: string;
  state: ActivityState;
  organisation_name: string;
  area: ActivityArea;
  place: string;
  next: (Times & { left: number }) | null;
  /** Shifts to come. */
  shifts: number;
  picture_url: string | null;
}
export interface Shift extends Times {
  id: string;
  version: number;
  capacity: number;
  left: number;
  /** In line; null for those who do not organise it. */
  waiting: number | null;
  note: string | null;
  /** Points to pass, in order. */
  beat: string[];
  cancelled_at: string | null;
  cancelled_reason: string | null;
  my: { id: string; state: SignupState } | null;
  can: "sign_up" | "wait" | null;
  why: "signed_up_already" | "shift_over" | "shift_full" | "registration_not_open" | "registration_closed" | null;
}
export interface Activity {
  id: string;
  version: number;
  state: ActivityState;
  kind: string;
  title: string;
  description: string;
  organisation: { id: string; name: string; phone: string | null };
  area: ActivityArea;
  place: string;
  contact: Contact;
  min_age: number | null;
  skills: string[];
  insured: boolean;
  needs_approval: boolean;
  opens_at: string | null;
  closes_at: string | null;
  attachments: Attachment[];
  cancelled_reason: string | null;
  shifts: Shift[];
  runs: boolean;
  actions: ("edit" | "publish" | "cancel")[];
}

export interface NewVolunteer {
  /** YYYY-MM-DD */
  born_on: string;
  skills: string[];
  /** Needed under 18. */
  guardian: Contact | null;
}
export interface Volunteer extends NewVolunteer {
  minor: boolean;
  joined_at: string;
}

export interface Signup {
  id: string;
  state: SignupState;
  /** In the line, 1 is next. */
  position: number | null;
  offer_until: string | null;
  cancel_until: string;
  /** The shift was changed: does one still come? */
  asked: boolean;
  /** Why it was declined. */
  reason: string | null;
  shift: Times & { id: string; note: string | null; beat: string[]; cancelled_reason: string | null };
  activity: { id: string; title: string; kind: string; place: string; contact: Contact; organisation_name: string };
  address: string | null;
  for_name: string | null;
  in_at: string | null;
  out_at: string | null;
  minutes: number | null;
  class: HoursClass | null;
  /** The organiser still has to say how long it was. */
  to_confirm: boolean;
  actions: ("cancel" | "accept" | "keep" | "check_in" | "check_out")[];
}
export interface Hours {
  id: string;
  activity: { id: string; title: string };
  organisation_name: string;
  /** Null where nothing of it counts. */
  starts_at: string | null;
  ends_at: string | null;
  minutes: number;
  class: HoursClass;
  recorded_at: string;
  /** The entry this one stands for, and why. */
  replaces: string | null;
  reason: string | null;
  /** Nothing stands for this one: it counts. */
  current: boolean;
}
export interface HoursTotals {
  minutes: Partial<Record<HoursClass, number>>;
  total: number;
}

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
