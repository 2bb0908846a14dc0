/** The forms of staff's actions as data: what each asks for, what is missing in it, what is sent. */
import type { RequestView } from "@/api/types";
import type { StaffAction } from "./actions";

export const OUTCOMES = ["fixed", "explained", "referred"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** To a unit (a dispatcher's right) or to one of the unit's people (its lead's). */
export type AssignMode = RequestView["assignable"][number];

export interface Chosen {
  id: string;
  name: string;
}

/** One thing the resident is asked for. */
export interface Wanted {
  label: string;
  kind: "text" | "photo";
  note: string;
}

export const MOST_ITEMS = 10;
export const blankItem = (): Wanted => ({ label: "", kind: "text", note: "" });

/** Everything typed for one action, so that closing a sheet or a refusal loses none of it. */
export interface ActionForm {
  reason: string;
  where_to_go: string;
  note: string;
  text: string;
  basis: string;
  referred_to: string;
  referred_contact: string;
  until_on: string;
  due_on: string;
  mode: AssignMode;
  unit: Chosen | null;
  member: Chosen | null;
  items: Wanted[];
  outcome: Outcome | null;
  /** "" until decided. */
  granted: "" | "yes" | "no";
  /** Another request: its number, and what it is. */
  into: Chosen | null;
}

export const emptyForm = (): ActionForm => ({
  reason: "",
  where_to_go: "",
  note: "",
  text: "",
  basis: "",
  referred_to: "",
  referred_contact: "",
  until_on: "",
  due_on: "",
  mode: "unit",
  unit: null,
  member: null,
  items: [blankItem()],
  outcome: null,
  granted: "",
  into: null,
});

export type TextName = "reason" | "where_to_go" | "note" | "text" | "basis" | "referred_to" | "referred_contact";
export type DayName = "until_on" | "due_on";

interface Common {
  required: boolean;
  /** Asked for only while this holds. */
  when?: (form: ActionForm) => boolean;
}
export type FieldSpec = Common &
  (
    | { kind: "line" | "area"; name: TextName; most: number }
    | { kind: "day"; name: DayName; within: number }
    | { kind: "to"; name: "to" }
    | { kind: "unit"; name: "unit" }
    | { kind: "items"; name: "items" }
    | { kind: "outcome"; name: "outcome" }
    | { kind: "granted"; name: "granted" }
    | { kind: "into"; name: "into" }
    | { kind: "photos"; name: "photos" }
  );

const needs = { required: true };
const takes = { required: false };
const REASON = { kind: "area", name: "reason", most: 1000 } as const;
const TEXT = { kind: "area", name: "text", most: 1000 } as const;
const UNIT = { kind: "unit", name: "unit" } as const;
const PHOTOS = { kind: "photos", name: "photos" } as const;

const explained = (form: ActionForm) => form.outcome === "explained";
const referred = (form: ActionForm) => form.outcome === "referred";

const FIELDS: Record<StaffAction, readonly FieldSpec[]> = {
  accept: [],
  start: [],
  "not-accept": [
    { ...REASON, ...needs },
    { kind: "area", name: "where_to_go", most: 500, ...needs },
  ],
  assign: [
    { kind: "to", name: "to", ...needs },
    { kind: "area", name: "note", most: 1000, ...takes },
  ],
  dispute: [
    { ...REASON, ...needs },
    { ...UNIT, ...takes },
  ],
  rule: [
    { ...UNIT, ...needs },
    { ...REASON, ...needs },
  ],
  ask: [
    { kind: "items", name: "items", ...needs },
    { ...TEXT, ...takes },
  ],
  "request-extension": [{ ...REASON, ...needs }],
  "decide-extension": [
    { kind: "granted", name: "granted", ...needs },
    { kind: "area", name: "note", most: 500, ...takes },
  ],
  "open-task": [
    { ...UNIT, ...needs },
    { ...TEXT, ...needs },
    { kind: "day", name: "due_on", within: 90, ...needs },
  ],
  "answer-task": [
    { ...TEXT, most: 2000, ...needs },
    { ...PHOTOS, ...takes },
  ],
  "cancel-task": [{ ...REASON, most: 500, ...takes }],
  reply: [
    { kind: "outcome", name: "outcome", ...needs },
    { ...TEXT, most: 2000, ...needs },
    { kind: "area", name: "basis", most: 500, ...needs, when: explained },
    { kind: "line", name: "referred_to", most: 100, ...needs, when: referred },
    { kind: "line", name: "referred_contact", most: 100, ...needs, when: referred },
    { ...PHOTOS, ...takes },
  ],
  defer: [
    { kind: "day", name: "until_on", within: 366, ...needs },
    { ...TEXT, most: 2000, ...needs },
  ],
  merge: [
    { kind: "into", name: "into", ...needs },
    { ...TEXT, ...takes },
  ],
  direct: [
    { ...TEXT, most: 2000, ...needs },
    { ...UNIT, ...takes },
  ],
};

/** What an action asks for, as far as it is filled in. */
export const fieldsOf = (action: StaffAction, form: ActionForm): FieldSpec[] =>
  FIELDS[action].filter((field) => field.when?.(form) ?? true);

/** Photos chosen for an action, as far as they have arrived. */
export interface Evidence {
  ids: string[];
  unfinished: boolean;
}

/** What was really listed: blank lines are nothing. */
const listed = (form: ActionForm): Wanted[] => form.items.filter((item) => item.label.trim() !== "");

function filled(field: FieldSpec, form: ActionForm, evidence: Evidence): boolean {
  switch (field.kind) {
    case "line":
    case "area":
      return form[field.name].trim() !== "";
    case "to":
      return form[form.mode] !== null;
    case "items":
      return listed(form).length > 0;
    case "photos":
      return evidence.ids.length > 0;
    default:
      return Boolean(form[field.name]);
  }
}

/** "Fixed" is shown, not said. */
const wanted = (field: FieldSpec, form: ActionForm): boolean =>
  field.required || (field.kind === "photos" && form.outcome === "fixed");

/** Which fields still have to be filled in, and whether photos are still on their way. */
export type Missing = Partial<Record<FieldSpec["name"], "missing" | "unfinished">>;

export function missing(action: StaffAction, form: ActionForm, evidence: Evidence): Missing {
  const lacking: Missing = {};
  for (const field of fieldsOf(action, form)) {
    if (field.kind === "photos" && evidence.unfinished) lacking.photos = "unfinished";
    else if (wanted(field, form) && !filled(field, form, evidence)) lacking[field.name] = "missing";
  }
  return lacking;
}

function sent(field: FieldSpec, form: ActionForm, evidence: Evidence): Record<string, unknown> {
  switch (field.kind) {
    case "line":
    case "area":
      return { [field.name]: form[field.name].trim() };
    case "to":
      return form.mode === "unit" ? { unit_id: form.unit!.id } : { handler_id: form.member!.id };
    case "unit":
      return { unit_id: form.unit!.id };
    case "items":
      return {
        items: listed(form).map(({ label, kind, note }) => ({
          label: label.trim(),
          kind,
          ...(note.trim() ? { note: note.trim() } : {}),
        })),
      };
    case "granted":
      return { granted: form.granted === "yes" };
    case "into":
      return { into: form.into!.id };
    case "photos":
      return { attachment_ids: evidence.ids };
    default:
      return { [field.name]: form[field.name] };
  }
}

/** What is sent besides the version; what was left blank is left out. */
export const bodyOf = (action: StaffAction, form: ActionForm, evidence: Evidence): Record<string, unknown> =>
  Object.assign(
    {},
    ...fieldsOf(action, form)
      .filter((field) => field.kind === "photos" || filled(field, form, evidence))
      .map((field) => sent(field, form, evidence)),
  );

/** Whether anything can be typed, and so be lost. */
export const hasFields = (action: StaffAction): boolean => FIELDS[action].length > 0;
