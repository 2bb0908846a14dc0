import type { BookingState, WaitState } from "@/api/bookings";
import type { StateLook } from "./states";

/** How a booking's state looks; its word is `legal.booking.state.*`. */
export const BOOKING_LOOKS: Record<BookingState, StateLook> = {
  held: { tone: "attention", icon: "clock" },
  booked: { tone: "working", icon: "calendar" },
  checked_in: { tone: "working", icon: "check" },
  served: { tone: "good", icon: "check" },
  no_show_resident: { tone: "closed", icon: "info" },
  no_show_provider: { tone: "attention", icon: "info" },
  cancelled: { tone: "closed", icon: "close" },
  expired: { tone: "closed", icon: "wait" },
};

/** How a place on the waiting list looks; its word is `legal.wait.state.*`. */
export const WAIT_LOOKS: Record<WaitState, StateLook> = {
  waiting: { tone: "waiting", icon: "wait" },
  offered: { tone: "attention", icon: "bell" },
  booked: { tone: "good", icon: "check" },
  left: { tone: "closed", icon: "close" },
  lapsed: { tone: "closed", icon: "wait" },
};

/** How a written question's state looks; its word is `legal.question.state.*`. */
export const QUESTION_LOOKS: Record<"open" | "answered" | "closed", StateLook> = {
  open: { tone: "waiting", icon: "clock" },
  answered: { tone: "attention", icon: "chat" },
  closed: { tone: "good", icon: "check" },
};

/** Still to come, and still going to happen. */
export const isStanding = (state: BookingState): boolean => state === "booked" || state === "checked_in";

/** The six digits of a check-in, typed with spaces or scanned with whatever stands around them. */
export const checkInCode = (text: string): string =>
  /(?:^|\D)(\d{6})(?!\d)/.exec(text.replace(/[\s-]/g, ""))?.[1] ?? "";
