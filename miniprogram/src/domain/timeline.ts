import type { TimelineEvent } from "@/api/types";
import type { IconName } from "@/icons/names";

const ICONS: Record<string, IconName> = {
  submitted: "send",
  accepted: "check",
  not_accepted: "info",
  assigned: "swap",
  disputed: "scale",
  ruled: "scale",
  started: "tool",
  asked: "help",
  supplied: "document",
  extension_requested: "clock",
  extension_granted: "clock",
  extension_refused: "clock",
  deadline_moved: "calendar",
  task_opened: "people",
  task_answered: "people",
  task_cancelled: "people",
  task_overdue: "warning",
  replied: "chat",
  deferred: "calendar",
  merged: "list",
  released: "list",
  reopened: "refresh",
  reminded: "bell",
  escalated: "flag",
  directed: "shield",
  confirmed: "check",
  contested: "undo",
  closed_unconfirmed: "wait",
  followed_up: "chat",
  came_back: "undo",
  withdrawn: "close",
  note: "edit",
  danger_flagged: "warning",
  text_flagged: "flag",
  second_list: "flag",
};

/** Something said besides the kind and the words: a sentence's key and what it names. */
export interface Detail {
  key: string;
  name: string;
}

/** Kinds that give something to somebody. */
const GIVING = ["assigned", "ruled", "directed", "task_opened"];

/** What an event names by the way: to whom, which thing, until when. Days are left to be worded. */
export function detailOf({ kind, data }: TimelineEvent): Detail | null {
  if (GIVING.includes(kind)) {
    const name = data.handler_name ?? data.unit_name;
    return name ? { key: "timeline.given_to", name } : null;
  }
  if (kind === "disputed" && data.unit_name) return { key: "timeline.thinks", name: data.unit_name };
  if (kind === "supplied" && data.label)
    return { key: data.material === "unavailable" ? "timeline.cannot_give" : "timeline.gave", name: data.label };
  return null;
}

/** The unit that did it: a task is answered by the unit that was asked. */
export const unitOf = ({ kind, unit, data }: TimelineEvent): string | undefined =>
  kind === "task_answered" ? (data.unit_name ?? unit?.name) : unit?.name;

/** The moment an event moves things to: a new deadline, or the day work goes on. */
export function movedTo({ kind, data }: TimelineEvent): string | null {
  if (kind === "deadline_moved") return data.due_to ?? null;
  return kind === "deferred" && data.until_on ? `${data.until_on}T00:00:00+08:00` : null;
}

/** A kind a newer server knows and this release does not still has a sign. */
export const iconOf = (kind: string): IconName => ICONS[kind] ?? "clock";
