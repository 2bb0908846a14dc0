/** The booking engine: times of a person or a room, holding, changing and waiting for them. */
import { act, get } from "./client";
import type { Intent } from "./intent";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Slot = Schemas["Slot"];
export type SlotDay = Schemas["SlotDay"];
export type SlotCalendar = Schemas["Slots"];
export type Mode = Slot["modes"][number];
export type DayState = SlotDay["state"];

export type Booking = Schemas["BookingView"];
/** As whoever asks for it sees it: also for whom it is, if not for themselves. */
export type OwnBooking = Schemas["OwnBookingView"];
export type BookingState = Booking["state"];
export type Hold = Schemas["Hold"];
export type Move = Schemas["Move"];
export type Wait = Schemas["WaitView"];
export type WaitState = Wait["state"];
export type Wish = Schemas["JoinWait"];

export const bookings = {
  /** What can be taken from a day on; at most 28 days. */
  slots: (resourceId: string, from: string, days: number, mode: Mode | "" = "") =>
    get<SlotCalendar>(`/api/resources/${resourceId}/slots`, { from, days, mode }),
  hold: (intent: Intent, resourceId: string, what: Hold) =>
    act<OwnBooking>(intent, `/api/resources/${resourceId}/holds`, what),
  release: (intent: Intent, id: string) => act<void>(intent, `/api/bookings/${id}/release`, {}),
  one: (id: string) => get<OwnBooking>(`/api/bookings/${id}`),
  move: (intent: Intent, id: string, to: Move) => act<Booking>(intent, `/api/bookings/${id}/move`, to),
  cancel: (intent: Intent, id: string, why: Schemas["Cancel"]) =>
    act<Booking>(intent, `/api/bookings/${id}/cancel`, why),
  /** A resident says the code the adviser's screen shows; the adviser needs none. */
  checkIn: (intent: Intent, id: string, code: string | null) =>
    act<Booking>(intent, `/api/bookings/${id}/check-in`, { code }),
  /** The other side did not come. */
  noShow: (intent: Intent, id: string) => act<Booking>(intent, `/api/bookings/${id}/no-show`, {}),
  /** The next few times that could be taken instead. */
  alternatives: (id: string) =>
    get<Schemas["SlotList"]>(`/api/bookings/${id}/alternatives`).then((answer) => answer.slots),
  /** Where the .ics file is, without a sign-in. */
  calendar: (id: string) => get<Schemas["Link"]>(`/api/bookings/${id}/calendar`).then((answer) => answer.url),
};

export const waits = {
  mine: () => get<Schemas["WaitList"]>("/api/me/waits").then((answer) => answer.items),
  join: (intent: Intent, resourceId: string, wish: Wish) =>
    act<Wait>(intent, `/api/resources/${resourceId}/waits`, wish),
  leave: (intent: Intent, id: string) => act<void>(intent, `/api/waits/${id}/leave`, {}),
};
