/** Volunteering in words: where a sign-up stands, how long something was, which places are left. */
import type { ActivityState, HoursClass, Signup, SignupState, Way } from "@/api/volunteering";
import { dayAfter, type Sentence } from "./dates";
import type { StateLook } from "./states";

/** How a sign-up's state looks; its word is `volunteer.state.*`. */
export const SIGNUP_LOOKS: Record<SignupState, StateLook> = {
  applied: { tone: "waiting", icon: "send" },
  confirmed: { tone: "working", icon: "check" },
  waiting: { tone: "waiting", icon: "wait" },
  offered: { tone: "attention", icon: "bell" },
  declined: { tone: "closed", icon: "info" },
  cancelled: { tone: "closed", icon: "close" },
  lapsed: { tone: "closed", icon: "wait" },
};

/** How an activity's state looks; its word is `volunteer.activity.state.*`. */
export const ACTIVITY_LOOKS: Record<ActivityState, StateLook> = {
  draft: { tone: "waiting", icon: "edit" },
  published: { tone: "working", icon: "calendar" },
  running: { tone: "attention", icon: "play" },
  finished: { tone: "good", icon: "check" },
  cancelled: { tone: "closed", icon: "close" },
};

/** How hours are known, the surest first. */
export const CLASSES: readonly HoursClass[] = ["verified", "confirmed"];

export type Standing =
  | "applied" | "waiting" | "offered" | "asked" | "declined" | "cancelled" | "lapsed"
  | "coming" | "begun" | "present" | "absent" | "to_confirm" | "uncounted" | "counted";

type Told = Pick<Signup, "state" | "asked" | "in_at" | "minutes" | "to_confirm"> & {
  shift: { starts_at: string; ends_at: string };
};

/** Where a sign-up stands now; its sentence is `volunteer.standing.*`. */
export function standingOf(signup: Told, nowMs: number): Standing {
  const { state, asked, in_at, minutes, to_confirm, shift } = signup;
  if (minutes !== null) return "counted";
  if (state !== "confirmed") return state;
  if (Date.parse(shift.ends_at) <= nowMs) {
    if (!in_at) return "absent";
    return to_confirm ? "to_confirm" : "uncounted";
  }
  if (in_at) return "present";
  if (Date.parse(shift.starts_at) <= nowMs) return "begun";
  return asked ? "asked" : "coming";
}

/** So long before a shift nobody is there yet. Longer than a code counts: a phone's clock may be wrong. */
const EARLY_MS = 2 * 3600_000;

/**
 * How one can say now that one came or goes. `waiting`: said already, still on the phone. Where the
 * server is not `reached` one may scan all the same: it decides once it hears of it.
 */
export function waysOf(
  { state, actions, in_at, out_at, starts_at }: Pick<Signup, "state" | "actions" | "in_at" | "out_at"> & { starts_at: string },
  waiting: readonly Way[],
  reached: boolean,
  nowMs: number,
): Way[] {
  if (nowMs < Date.parse(starts_at) - EARLY_MS) return [];
  const next: Way = in_at || waiting.includes("in") ? "out" : "in";
  const allowed = reached
    ? actions.includes("check_in") || actions.includes("check_out")
    : state === "confirmed" && !out_at;
  return allowed && !waiting.includes(next) ? [next] : [];
}

const MINUTES_PER_HOUR = 60;

/** Minutes as people count them. */
export function durationOf(minutes: number): Sentence {
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  const rest = minutes % MINUTES_PER_HOUR;
  if (!hours) return { key: "volunteer.duration.minutes", params: { minutes } };
  const key = rest ? "volunteer.duration.both" : "volunteer.duration.hours";
  return { key, params: { hours, minutes: rest } };
}

/** How many places a shift still has. */
export const placesOf = (left: number): Sentence => ({
  key: left > 0 ? "volunteer.places.left" : "volunteer.places.full",
  params: { n: left },
});

export const RANGES = ["any", "today", "week", "month"] as const;
export type Range = (typeof RANGES)[number];
/** Nobody plans further ahead. */
const RANGE_DAYS: Record<Range, number> = { any: 91, today: 0, week: 6, month: 29 };

/** The first and last day of a range from today on, YYYY-MM-DD. */
export const daysOf = (range: Range, nowMs: number): { from: string; to: string } => ({
  from: dayAfter(nowMs, 0),
  to: dayAfter(nowMs, RANGE_DAYS[range]),
});

const GROWN_UP = 18;

/** Whether somebody born that day is under 18 today; both YYYY-MM-DD. */
export function isMinor(bornOn: string, today: string): boolean {
  const birthday = `${Number(bornOn.slice(0, 4)) + GROWN_UP}${bornOn.slice(4)}`;
  return today < birthday;
}

/** What a person can do about a refusal to sign them up; null where nothing on this phone helps. */
export function remedyOf(code: string): "profile" | "name" | null {
  if (["volunteer_profile_needed", "guardian_needed", "skills_missing"].includes(code)) return "profile";
  return code === "volunteer_name_needed" ? "name" : null;
}
