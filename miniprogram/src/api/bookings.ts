/** The booking engine: times of a person or a room, holding, changing and waiting for them. */
import { act, get } from "./client";
import type { Intent } from "./intent";

export type Mode = "in_person" | "phone" | "video";
export type DayState = "open" | "full" | "closed";
export type BookingState =
  | "held"
  | "booked"
  | "checked_in"
  | "served"
  | "no_show_resident"
  | "no_show_provider"
  | "cancelled"
  | "expired";
export type WaitState = "waiting" | "offered" | "booked" | "left" | "lapsed";

export interface Slot {
  starts_at: string;
  ends_at: string;
  modes: Mode[];
  place: string | null;
  /** How many may still take it. */
  free: number;
}
export interface SlotDay {
  /** YYYY-MM-DD */
  date: string;
  state: DayState;
  slots: Slot[];
}
export interface SlotCalendar {
  days: SlotDay[];
  bookable: boolean;
  /** How many wait for a time. */
  waiting: number;
}
export interface Booking {
  id: string;
  resource: { id: string; kind: string; name: string };
  state: BookingState;
  starts_at: string;
  ends_at: string;
  mode: Mode;
  place: string | null;
  held_until: string | null;
  sequence: number;
  /** Offered to who waited longest. */
  offered: boolean;
  /** The plan changed beneath it: other times were offered. */
  displaced: boolean;
  cancel_until: string;
  /** Why it was cancelled or moved. */
  reason: string | null;
  ended_by_provider: boolean | null;
  mine: boolean;
}
export interface Wait {
  id: string;
  resource: { id: string; kind: string; name: string };
  from_on: string;
  to_on: string;
  mode: Mode | null;
  state: WaitState;
  position: number | null;
  /** A time kept for whoever waited; whose it is stands with the wait. */
  offer: Omit<Booking, "mine"> | null;
}

export interface Move {
  starts_at: string;
  mode: Mode;
  sequence: number;
  reason?: string;
}

export const bookings = {
  /** What can be taken from a day on; at most 28 days. */
  slots: (resourceId: string, from: string, days: number, mode: Mode | "" = "") =>
    get<SlotCalendar>(`/api/resources/${resourceId}/slots`, { from, days, mode }),
  hold: (intent: Intent, resourceId: string, what: { starts_at: string; mode: Mode; mandate_id: string | null }) =>
    act<Booking>(intent, `/api/resources/${resourceId}/holds`, what),
  release: (intent: Intent, id: string) => act<void>(intent, `/api/bookings/${id}/release`, {}),
  one: (id: string) => get<Booking>(`/api/bookings/${id}`),
  move: (intent: Intent, id: string, to: Move) => act<Booking>(intent, `/api/bookings/${id}/move`, to),
  cancel: (intent: Intent, id: string, why: { reason: string; sequence: number }) =>
    act<Booking>(intent, `/api/bookings/${id}/cancel`, why),
  /** A resident says the code the adviser's screen shows; the adviser needs none. */
  checkIn: (intent: Intent, id: string, code: string | null) =>
    act<Booking>(intent, `/api/bookings/${id}/check-in`, { code }),
  /** The other side did not come. */
  noShow: (intent: Intent, id: string) => act<Booking>(intent, `/api/bookings/${id}/no-show`, {}),
  /** The next few times that could be taken instead. */
  alternatives: (id: string) =>
    get<{ slots: Slot[] }>(`/api/bookings/${id}/alternatives`).then((answer) => answer.slots),
  /** Where the .ics file is, without a sign-in. */
  calendar: (id: string) => get<{ url: string }>(`/api/bookings/${id}/calendar`).then((answer) => answer.url),
};

export const waits = {
  mine: () => get<{ items: Wait[] }>("/api/me/waits").then((answer) => answer.items),
  join: (
    intent: Intent,
    resourceId: string,
    wish: { from_on: string; to_on: string; mode: Mode | null; mandate_id: string | null },
  ) => act<Wait>(intent, `/api/resources/${resourceId}/waits`, wish),
  leave: (intent: Intent, id: string) => act<void>(intent, `/api/waits/${id}/leave`, {}),
};
