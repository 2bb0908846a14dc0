/** An activity as an organiser types it, what is missing in it, and what is sent. */
import type { StoredIntent } from "@/api/intent";
import type { ActivityTerms, NewActivity } from "@/api/organising";
import type { Attachment } from "@/api/types";
import type { Activity } from "@/api/volunteering";
import { dateOf, momentOn, timeOf } from "./dates";
import { countOf, faultOf, freshShift, MOST_SHIFTS, shiftsOf, type ShiftForm } from "./shiftForms";

export interface ActivityForm {
  organisation: string;
  kind: string;
  title: string;
  description: string;
  area: { code: string; name: string } | null;
  place: string;
  contactName: string;
  contactPhone: string;
  /** As typed; "" for any age. */
  minAge: string;
  skills: string[];
  insured: boolean;
  needsApproval: boolean;
  /** YYYY-MM-DD and HH:MM; without a day there is no limit. */
  opensOn: string;
  opensTime: string;
  closesOn: string;
  closesTime: string;
  attachments: Attachment[];
  /** Only a new activity brings its shifts along. */
  shifts: ShiftForm[];
  /** The wish to make it, so that a restarted app repeats it instead of wishing twice. */
  intent: StoredIntent | null;
}

export const freshActivity = (): ActivityForm => ({
  organisation: "",
  kind: "",
  title: "",
  description: "",
  area: null,
  place: "",
  contactName: "",
  contactPhone: "",
  minAge: "",
  skills: [],
  insured: false,
  needsApproval: false,
  opensOn: "",
  opensTime: "08:00",
  closesOn: "",
  closesTime: "18:00",
  attachments: [],
  shifts: [freshShift()],
  intent: null,
});

export const formOfActivity = (activity: Activity): ActivityForm => {
  const fresh = freshActivity();
  const { opens_at, closes_at } = activity;
  return {
    ...fresh,
    organisation: activity.organisation.id,
    kind: activity.kind,
    title: activity.title,
    description: activity.description,
    area: { code: activity.area.code, name: activity.area.full_name },
    place: activity.place,
    contactName: activity.contact.name,
    contactPhone: activity.contact.phone,
    minAge: activity.min_age === null ? "" : String(activity.min_age),
    skills: [...activity.skills],
    insured: activity.insured,
    needsApproval: activity.needs_approval,
    opensOn: opens_at ? dateOf(opens_at) : "",
    opensTime: opens_at ? timeOf(opens_at) : fresh.opensTime,
    closesOn: closes_at ? dateOf(closes_at) : "",
    closesTime: closes_at ? timeOf(closes_at) : fresh.closesTime,
    attachments: activity.attachments,
    shifts: [],
  };
};

/** Whether anything was written that would be a pity to lose. */
export const hasWords = ({ title, description, attachments }: ActivityForm): boolean =>
  title.trim() !== "" || description.trim() !== "" || attachments.length > 0;

const AGE = /^\d{1,3}$/;

/** What still has to be said, as the field's name → the word for it under `organiser.missing.*`. */
export function lackingIn(form: ActivityForm): Record<string, string> {
  const texts = ["organisation", "kind", "title", "description", "place", "contactName", "contactPhone"] as const;
  const lacking = texts.filter((name) => !form[name].trim()).map((name) => [name, name] as const);
  return {
    ...Object.fromEntries(lacking),
    ...(form.area ? {} : { area: "area" }),
    ...(form.minAge.trim() && !AGE.test(form.minAge.trim()) ? { minAge: "minAge" } : {}),
  };
}

/** What is wrong with the shifts as a whole; "" when they can be sent. */
export function shiftsFault(shifts: ShiftForm[], nowMs: number): "shift" | "none" | "too_many" | "" {
  if (!shifts.length) return "none";
  if (shifts.some((shift) => faultOf(shift, nowMs))) return "shift";
  return shifts.reduce((sum, shift) => sum + countOf(shift), 0) > MOST_SHIFTS ? "too_many" : "";
}

export const termsOf = (form: ActivityForm): ActivityTerms => ({
  organisation_id: form.organisation,
  kind: form.kind,
  title: form.title.trim(),
  description: form.description.trim(),
  area_code: form.area?.code ?? "",
  place: form.place.trim(),
  contact: { name: form.contactName.trim(), phone: form.contactPhone.trim() },
  min_age: form.minAge.trim() ? Number(form.minAge) : null,
  skills: form.skills,
  insured: form.insured,
  needs_approval: form.needsApproval,
  opens_at: form.opensOn ? momentOn(form.opensOn, form.opensTime) : null,
  closes_at: form.closesOn ? momentOn(form.closesOn, form.closesTime) : null,
  attachment_ids: form.attachments.map(({ id }) => id),
});

export const newActivityOf = (form: ActivityForm): NewActivity => ({
  ...termsOf(form),
  shifts: form.shifts
    .flatMap(shiftsOf)
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at)),
});
