/** A time off the weekly plan, as it is typed and as it is sent. */
import type { NewException } from "@/api/adviser";
import type { Mode } from "@/api/bookings";
import { midnight, momentOn, plusDays } from "./dates";

export interface ExceptionForm {
  /** First and last day, YYYY-MM-DD; what is extra lies on the first. */
  from_on: string;
  to_on: string;
  whole_days: boolean;
  /** HH:MM on the first and on the last day. */
  starts: string;
  ends: string;
  slot_minutes: string;
  modes: Mode[];
  place: string;
  reason: string;
}

export const freshException = (date: string): ExceptionForm => ({
  from_on: date,
  to_on: date,
  whole_days: true,
  starts: "09:00",
  ends: "11:30",
  slot_minutes: "30",
  modes: ["in_person", "phone"],
  place: "",
  reason: "",
});

function times(kind: "closed" | "extra", form: ExceptionForm): { starts_at: string; ends_at: string } {
  const last = kind === "closed" ? form.to_on : form.from_on;
  return kind === "closed" && form.whole_days
    ? { starts_at: midnight(form.from_on), ends_at: midnight(plusDays(last, 1)) }
    : { starts_at: momentOn(form.from_on, form.starts), ends_at: momentOn(last, form.ends) };
}

/** What is wrong with it, under which words it is said; "" when it can be sent. */
export function faultOf(kind: "closed" | "extra", form: ExceptionForm): "hours" | "no_mode" | "no_place" | "" {
  const { starts_at, ends_at } = times(kind, form);
  if (Date.parse(ends_at) <= Date.parse(starts_at)) return "hours";
  if (kind === "closed") return "";
  if (!form.modes.length) return "no_mode";
  return form.modes.includes("in_person") && !form.place.trim() ? "no_place" : "";
}

export function exceptionOf(kind: "closed" | "extra", form: ExceptionForm): NewException {
  const base = { kind, ...times(kind, form), reason: form.reason.trim() || null };
  if (kind === "closed") return base;
  const place = form.modes.includes("in_person") ? form.place.trim() : null;
  return { ...base, slot_minutes: Number(form.slot_minutes), modes: form.modes, place };
}
