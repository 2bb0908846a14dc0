import type { Category } from "@/api/types";
import type { Draft } from "@/stores/draft";

export const STEPS = ["category", "story", "place", "review"] as const;
export type Step = (typeof STEPS)[number];

/** What still has to be said in a step, as JSON pointer → key of the sentence that asks for it. */
export function missing(step: Step, draft: Draft, category: Category | null): Record<string, string> {
  const found: Record<string, string> = {};
  if (step === "story") {
    for (const question of category?.questions ?? []) {
      const value = draft.answers[question.code];
      if (question.required && (value === undefined || value === null || value === ""))
        found[`/answers/${question.code}`] = "submit.missing.question";
    }
    if (!draft.description.trim()) found["/description"] = "submit.missing.description";
  }
  if (step === "place" && !draft.area) found["/area_code"] = "submit.missing.area";
  return found;
}

/** The step in which a field the server refused can be put right. */
export function stepOf(pointer: string): Step {
  if (pointer.startsWith("/category")) return "category";
  if (/^\/(answers|description|attachment_ids)/.test(pointer)) return "story";
  if (/^\/(area_code|place|visibility)/.test(pointer)) return "place";
  return "review";
}
