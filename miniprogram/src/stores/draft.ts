import type { StoredIntent } from "@/api/intent";
import type { Answer, Attachment, Category, Place, Question, RequestDraft, Visibility } from "@/api/types";
import { forget, read } from "@/platform/storage";
import { keep } from "./kept";

/** A unit one complains about. */
export interface Named {
  id: string;
  name: string;
}

/** What a resident has said so far; kept as they type, so that nothing is ever typed twice. */
export interface Draft {
  /** For whom, under which consent; null for oneself. */
  behalf: { mandateId: string; name: string } | null;
  category: string;
  area: { code: string; name: string } | null;
  description: string;
  answers: Record<string, Answer | null>;
  /** Whether it is about an office or an official; null until said. */
  complains: boolean | null;
  about: { units: Named[]; persons: string[] };
  place: Place | null;
  visibility: Visibility | null;
  attachments: Attachment[];
  /** The wish to send this, so that a restarted app repeats it instead of wishing twice. */
  intent: StoredIntent | null;
}

const empty = (): Draft => ({
  behalf: null,
  category: "",
  area: null,
  description: "",
  answers: {},
  complains: null,
  about: { units: [], persons: [] },
  place: null,
  visibility: null,
  attachments: [],
  intent: null,
});

/** Each person has their own draft: a phone may go from hand to hand. */
const keyOf = (personId: string) => `draft:${personId}`;

export const openDraft = (personId: string) => keep(keyOf(personId), empty);

/** Whether anything was said that would be a pity to lose. */
export const hasContent = (draft: Draft): boolean =>
  draft.category !== "" || draft.description.trim() !== "" || draft.attachments.length > 0;

/** Nothing of what they were saying stays on the phone. */
export const forgetDraft = (personId: string): void => forget(keyOf(personId));

/** Whether a draft waits for this person. */
export function hasDraft(personId: string): boolean {
  const kept = read<Draft>(keyOf(personId));
  return kept !== null && hasContent({ ...empty(), ...kept });
}

/** An answer as it is sent: numbers were typed as text; nothing typed is no answer. */
function answerTo(question: Question, value: Answer | null | undefined): Answer | null {
  if (value === undefined || value === null || value === "") return null;
  if (question.kind === "number") return Number(value);
  return typeof value === "string" ? value.trim() : value;
}

/** Whether it is a complaint: its category says so, or who tells it does. */
export const isComplaint = (draft: Draft, category: Category): boolean =>
  category.complaint || draft.complains === true;

/** Who may see it: a complaint is never public. */
export function visibilityOf(draft: Draft, category: Category): Visibility {
  const chosen = draft.visibility ?? category.default_visibility;
  return chosen === "public" && isComplaint(draft, category) ? "private" : chosen;
}

/** The draft as it is sent; only answers the category asks for. */
export function toRequest(draft: Draft, category: Category): RequestDraft {
  const answers = Object.fromEntries(
    category.questions.flatMap((question) => {
      const value = answerTo(question, draft.answers[question.code]);
      return value === null ? [] : [[question.code, value]];
    }),
  );
  const text = draft.place?.text?.trim() || null;
  return {
    category: category.code,
    area_code: draft.area?.code ?? "",
    description: draft.description.trim(),
    answers,
    place: draft.place && (text || draft.place.latitude != null) ? { ...draft.place, text } : null,
    visibility: visibilityOf(draft, category),
    attachment_ids: draft.attachments.map((attachment) => attachment.id),
    mandate_id: draft.behalf?.mandateId ?? null,
    about: isComplaint(draft, category)
      ? {
          unit_ids: draft.about.units.map((unit) => unit.id),
          person_names: draft.about.persons.map((name) => name.trim()).filter(Boolean),
        }
      : { unit_ids: [], person_names: [] },
  };
}
