import type { Answer, Question } from "@/api/types";
import { t } from "@/i18n";

/** An answer as one reads it: a choice by its label, yes or no in words. */
export function answerText(question: Question | undefined, value: Answer): string {
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  const choice = question?.choices.find((each) => each.code === value);
  return choice?.label ?? String(value);
}
