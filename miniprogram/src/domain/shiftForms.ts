/** Shifts as they are typed, once or repeating, and as they are sent. */
import type { NewShift } from "@/api/organising";
import type { Shift, Times } from "@/api/volunteering";
import { dateOf, momentOn, plusDays, timeOf } from "./dates";

export const REPEATS = ["once", "day", "week"] as const;
export type Repeat = (typeof REPEATS)[number];
const STEP_DAYS: Record<Repeat, number> = { once: 0, day: 1, week: 7 };

/** An activity is made with no more. */
export const MOST_SHIFTS = 60;

export interface ShiftForm {
  /** The first day, YYYY-MM-DD; "" until chosen. */
  on: string;
  /** HH:MM; an end that is not later lies on the next day. */
  from: string;
  to: string;
  every: Repeat;
  /** How many there are altogether, as typed. */
  times: string;
  capacity: string;
  note: string;
  /** One point a line. */
  beat: string;
}

export const freshShift = (on = ""): ShiftForm => ({
  on,
  from: "09:00",
  to: "11:00",
  every: "once",
  times: "4",
  capacity: "10",
  note: "",
  beat: "",
});

export const formOfShift = (shift: Shift): ShiftForm => ({
  ...freshShift(dateOf(shift.starts_at)),
  from: timeOf(shift.starts_at),
  to: timeOf(shift.ends_at),
  capacity: String(shift.capacity),
  note: shift.note ?? "",
  beat: shift.beat.join("\n"),
});

/** From one time of a day to the next time the clock shows the other. */
export const between = (on: string, from: string, to: string): Times => ({
  starts_at: momentOn(on, from),
  ends_at: momentOn(to > from ? on : plusDays(on, 1), to),
});

/** Whether it ends on the day after it began. */
export const isOvernight = ({ from, to }: Pick<ShiftForm, "from" | "to">): boolean => to < from;

const whole = (typed: string): number => (/^\d{1,4}$/.test(typed.trim()) ? Number(typed.trim()) : 0);

/** How many shifts the form makes; 0 where that cannot be read. */
export const countOf = (form: ShiftForm): number => (form.every === "once" ? 1 : whole(form.times));

/** What is wrong with it, under which words it is said; "" when it can be sent. */
export function faultOf(form: ShiftForm, nowMs: number): "day" | "hours" | "past" | "times" | "capacity" | "" {
  if (!form.on) return "day";
  if (form.from === form.to) return "hours";
  if (Date.parse(momentOn(form.on, form.from)) <= nowMs) return "past";
  const count = countOf(form);
  if (count < 1 || count > MOST_SHIFTS) return "times";
  return whole(form.capacity) < 1 ? "capacity" : "";
}

/** The shifts of a form without fault, the first one first. */
export function shiftsOf(form: ShiftForm): NewShift[] {
  const common = {
    capacity: whole(form.capacity),
    note: form.note.trim() || null,
    beat: form.beat.split("\n").map((point) => point.trim()).filter(Boolean),
  };
  return Array.from({ length: countOf(form) }, (_, n) => ({
    ...between(plusDays(form.on, n * STEP_DAYS[form.every]), form.from, form.to),
    ...common,
  }));
}
