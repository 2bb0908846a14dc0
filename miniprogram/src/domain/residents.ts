/** What a resident, or who acts for them, answers to a request. */
import type { Material, RequestView } from "@/api/types";
import { onSameDay } from "./dates";

/** What the server is told under its own name, besides what is supplied item by item. */
export type ResidentAction = "confirm" | "contest" | "came-back" | "remind" | "withdraw" | "rate";

interface Form {
  /** What the text is called when it is sent; null where nothing is written. */
  text: "reason" | "text" | "comment" | null;
  required: boolean;
  photos: boolean;
  /** Most characters the server takes. */
  most: number;
}

export const FORMS: Record<ResidentAction, Form> = {
  confirm: { text: null, required: false, photos: false, most: 0 },
  contest: { text: "reason", required: true, photos: true, most: 1000 },
  "came-back": { text: "text", required: true, photos: true, most: 1000 },
  remind: { text: "text", required: false, photos: false, most: 500 },
  withdraw: { text: "reason", required: false, photos: false, most: 1000 },
  rate: { text: "comment", required: false, photos: false, most: 1000 },
};

const contestedBefore = (request: RequestView): boolean =>
  request.timeline.some((event) => event.kind === "contested");

/** The words of a sheet: what a contest means depends on what it is against, and on which it is. */
export function wordsOf(action: ResidentAction, request: RequestView): string {
  if (action !== "contest") return action;
  if (request.state === "deferred") return "contest_deferral";
  if (request.state === "merged") return "contest_merging";
  return contestedBefore(request) ? "contest_again" : "contest";
}

/** What is sent besides the version. */
export function bodyOf(action: ResidentAction, text: string, photoIds: string[]): Record<string, unknown> {
  const form = FORMS[action];
  const said = text.trim();
  return {
    ...(form.text && (said || form.required) ? { [form.text]: said } : {}),
    ...(form.photos ? { attachment_ids: photoIds } : {}),
  };
}

export const stillMissing = (materials: Material[]): Material[] =>
  materials.filter((material) => material.state === "missing");

/** Whether it was reminded today, in the county's day: then the next time is tomorrow. */
export const remindedToday = ({ timeline }: RequestView, nowMs: number): boolean =>
  timeline.some((event) => event.kind === "reminded" && onSameDay(event.at, nowMs));

/**
 * A number to call in what somebody wrote, such as "县医保局 0857-6222333"; "" without one. Phones
 * before iOS 16.4 know no look-behind and would not even start with one.
 */
export function phoneIn(text: string): string {
  return /(?:^|\D)(1\d{10}|0\d{2,3}[- ]?\d{7,8}|\d{7,8}|1\d{2}|12\d{3})(?!\d)/.exec(text)?.[1] ?? "";
}

/** How one item of the list is answered. */
export type Giving = "give" | "reuse" | "cannot";

export interface Given {
  way: Giving;
  text: string;
  photoIds: string[];
  /** An earlier material, used again. */
  reuse: string;
  consents: boolean;
}

/** What is missing before an item can be sent: a sentence's key; "" when nothing is. */
export function lackingIn(material: Material, given: Given): string {
  if (given.way === "cannot") return given.text.trim() ? "" : "request.material.missing.why";
  if (given.way === "reuse") {
    if (!given.reuse) return "request.material.missing.reuse";
    return given.consents ? "" : "request.material.missing.consent";
  }
  if (material.kind === "photo") return given.photoIds.length ? "" : "request.material.missing.photo";
  return given.text.trim() ? "" : "request.material.missing.text";
}

/** What is sent for one item besides the version. */
export function supplyOf(material: Material, given: Given): Record<string, unknown> {
  const text = given.text.trim();
  const sent = { material_id: material.id, attachment_ids: [] as string[] };
  if (given.way === "cannot") return { ...sent, unavailable: true, text };
  if (given.way === "reuse") return { ...sent, reuse_of: given.reuse };
  return { ...sent, attachment_ids: given.photoIds, ...(text ? { text } : {}) };
}
