/** What somebody writes for a legal adviser, kept on the phone until it is sent. */
import type { StoredIntent } from "@/api/intent";
import type { NewConsultation, NewQuestion } from "@/api/legal";
import type { Attachment } from "@/api/types";
import { forget } from "@/platform/storage";
import { keep } from "./kept";

/** The matter itself, the same for a meeting and for a written question. */
export interface Matter {
  topic: string;
  /** YYYY-MM-DD; "" when not said. */
  since: string;
  opposing: string[];
  facts: string;
  attachments: Attachment[];
  keepPrivate: boolean;
  /** The wish to send this, so that a restarted app repeats it instead of wishing twice. */
  intent: StoredIntent | null;
}

/** For whom a meeting is, was said when its time was taken. */
export interface Asked extends Matter {
  /** For whom, under which consent; null for oneself. */
  behalf: { mandateId: string; name: string } | null;
  area: { code: string; name: string } | null;
}

const matter = (): Matter => ({
  topic: "",
  since: "",
  opposing: [],
  facts: "",
  attachments: [],
  keepPrivate: false,
  intent: null,
});

/** A meeting and a question are kept apart, and each person has their own. */
const keyOf = (kind: "meeting" | "question", personId: string) => `${kind}:${personId}`;

export const openMeeting = (personId: string) => keep(keyOf("meeting", personId), matter);
export const openQuestion = (personId: string) =>
  keep(keyOf("question", personId), (): Asked => ({ ...matter(), behalf: null, area: null }));

/** Nothing of what they were writing stays on the phone. */
export function forgetMatters(personId: string): void {
  forget(keyOf("meeting", personId));
  forget(keyOf("question", personId));
}

/** Whether anything was written that would be a pity to lose. */
export const hasWords = ({ topic, facts, attachments }: Matter): boolean =>
  topic !== "" || facts.trim() !== "" || attachments.length > 0;

/** What still has to be said, as JSON pointer → key of the sentence that asks for it. */
export function lackingIn(draft: Matter, text: "/facts" | "/text"): Record<string, string> {
  return {
    ...(draft.topic ? {} : { "/topic": "legal.missing.topic" }),
    ...(draft.facts.trim() ? {} : { [text]: "legal.missing.facts" }),
  };
}

const common = (draft: Matter) => ({
  topic: draft.topic,
  opposing: draft.opposing.map((name) => name.trim()).filter(Boolean),
  since_on: draft.since || null,
  attachment_ids: draft.attachments.map(({ id }) => id),
  keep_private: draft.keepPrivate,
});

export const toConsultation = (draft: Matter, bookingId: string): NewConsultation => ({
  ...common(draft),
  booking_id: bookingId,
  facts: draft.facts.trim(),
});

export const toQuestion = (draft: Asked): NewQuestion => ({
  ...common(draft),
  area_code: draft.area?.code ?? "",
  text: draft.facts.trim(),
  mandate_id: draft.behalf?.mandateId ?? null,
});
