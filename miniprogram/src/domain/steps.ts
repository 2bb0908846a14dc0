import type { Category } from "@/api/types";
import { isComplaint, type Draft } from "@/stores/draft";

const STEPS = ["category", "story", "about", "place", "review"] as const;
export type Step = (typeof STEPS)[number];

/** The steps of this draft: only a complaint says whom it is about. */
export const stepsOf = (draft: Draft, category: Category | null): Step[] =>
  STEPS.filter((step) => step !== "about" || (category !== null && isComplaint(draft, category)));

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
  if (step === "about" && !category?.complaint && !namesSomebody(draft)) found["/about"] = "submit.missing.about";
  if (step === "place" && !draft.area) found["/area_code"] = "submit.missing.area";
  return found;
}

const namesSomebody = ({ about }: Draft): boolean =>
  about.units.length > 0 || about.persons.some((name) => name.trim() !== "");

/** The step in which a field the server refused can be put right. */
export function stepOf(pointer: string): Step {
  if (pointer.startsWith("/category")) return "category";
  if (/^\/(answers|description|attachment_ids)/.test(pointer)) return "story";
  if (pointer.startsWith("/about")) return "about";
  if (/^\/(area_code|place|visibility)/.test(pointer)) return "place";
  return "review";
}
