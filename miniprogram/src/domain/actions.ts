/** What staff do with a request: the forms, what is missing in them, and what is sent. */
import type { RequestView, TimelineEvent } from "@/api/types";
import type { IconName } from "@/icons/names";

/** In the order of how likely each is the next step: the first one possible is the main button. */
export const STAFF_ACTIONS = ["accept", "start", "reply", "assign", "ask", "not-accept"] as const;
export type StaffAction = (typeof STAFF_ACTIONS)[number];

export const ACTION_ICONS: Record<StaffAction, IconName> = {
  accept: "check",
  start: "play",
  reply: "chat",
  assign: "swap",
  ask: "help",
  "not-accept": "close",
};

/** Most characters the server takes in each text. */
export const LIMITS = { reason: 1000, where_to_go: 500, note: 1000, list: 2000, reply: 2000 } as const;

/** Of the actions the server offers, those of staff, the likeliest first. */
export const staffActions = (offered: string[]): StaffAction[] =>
  STAFF_ACTIONS.filter((action) => offered.includes(action));

export const OUTCOMES = ["fixed", "explained", "referred"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** To a unit (a dispatcher's right) or to one of the unit's people (its lead's). */
export type AssignMode = RequestView["assignable"][number];

export interface Chosen {
  id: string;
  name: string;
}

/** Everything typed on one request, so that closing a sheet or a refusal loses none of it. */
export interface ActionForm {
  reason: string;
  where_to_go: string;
  mode: AssignMode;
  unit: Chosen | null;
  member: Chosen | null;
  note: string;
  list: string;
  outcome: Outcome | null;
  reply: string;
}

export const emptyForm = (): ActionForm => ({
  reason: "",
  where_to_go: "",
  mode: "unit",
  unit: null,
  member: null,
  note: "",
  list: "",
  outcome: null,
  reply: "",
});

export type Missing = Partial<Record<keyof ActionForm | "photos", string>>;

const required = (form: ActionForm, ...names: ("reason" | "where_to_go" | "list" | "reply")[]): Missing =>
  Object.fromEntries(
    names.filter((name) => !form[name].trim()).map((name) => [name, `workbench.missing.${name}`]),
  );

/** What still has to be filled in before the action can be sent: a sentence's key per field. */
export function missing(action: StaffAction, form: ActionForm, photosUnfinished = false): Missing {
  switch (action) {
    case "not-accept":
      return required(form, "reason", "where_to_go");
    case "ask":
      return required(form, "list");
    case "assign":
      return form[form.mode] ? {} : { [form.mode]: `workbench.missing.${form.mode}` };
    case "reply":
      return {
        ...(form.outcome ? {} : { outcome: "workbench.missing.outcome" }),
        ...required(form, "reply"),
        ...(photosUnfinished ? { photos: "photos.wait" } : {}),
      };
    default:
      return {};
  }
}

/** What is sent besides the version. */
export function bodyOf(action: StaffAction, form: ActionForm, photoIds: string[]): Record<string, unknown> {
  switch (action) {
    case "not-accept":
      return { reason: form.reason.trim(), where_to_go: form.where_to_go.trim() };
    case "ask":
      return { text: form.list.trim() };
    case "assign": {
      const to = form.mode === "unit" ? { unit_id: form.unit?.id } : { handler_id: form.member?.id };
      return form.note.trim() ? { ...to, note: form.note.trim() } : to;
    }
    case "reply":
      return { outcome: form.outcome, text: form.reply.trim(), attachment_ids: photoIds };
    default:
      return {};
  }
}

/** What happened to a request between two looks at it, oldest first. */
export function happened(before: RequestView, after: RequestView): TimelineEvent[] {
  const seen = Math.max(0, ...before.timeline.map((event) => event.seq));
  return after.timeline.filter((event) => event.seq > seen);
}
