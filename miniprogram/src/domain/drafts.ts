/** A case while it is written: what still hinders it, as the reader and the server see it. */
import type { CaseText, Draft, DraftState, Finding } from "@/api/adviser";
import type { StateLook } from "./states";

export const DRAFT_LOOKS: Record<DraftState, StateLook> = {
  draft: { tone: "waiting", icon: "edit" },
  submitted: { tone: "working", icon: "wait" },
  returned: { tone: "attention", icon: "undo" },
  published: { tone: "good", icon: "check" },
  withdrawn: { tone: "closed", icon: "hidden" },
};

/** These name somebody for certain; whoever submits can only take them out. */
const CERTAIN: readonly string[] = ["name", "phone", "id", "bank", "plate", "email", "account"];

export const isCertain = ({ kind }: Finding): boolean => CERTAIN.includes(kind);

/** What of a draft the adviser writes, apart from it. */
export const textOf = ({ title, topic, categories, story, question, answer, steps, articles }: Draft): CaseText => ({
  title,
  topic,
  categories: [...categories],
  story,
  question,
  answer,
  steps: [...steps],
  articles: articles.map((article) => ({ ...article })),
});

/** As it is sent: lines left empty are nothing. */
export const written = (text: CaseText): CaseText => ({
  ...text,
  title: text.title.trim(),
  story: text.story.trim(),
  question: text.question.trim(),
  answer: text.answer.trim(),
  steps: text.steps.map((step) => step.trim()).filter(Boolean),
  articles: text.articles
    .map(({ law, article, text: words }) => ({ law: law.trim(), article: article.trim(), text: words.trim() }))
    .filter(({ law, article }) => law || article),
});

export type Lacking = "title" | "topic" | "story" | "question" | "answer" | "steps" | "articles";

/** What a reader would miss, in the order it stands on the page. */
export function lacking(text: CaseText): Lacking[] {
  const sent = written(text);
  const empty = (["title", "topic", "story", "question", "answer"] as const).filter((field) => !sent[field]);
  return [
    ...empty,
    ...(sent.steps.length ? [] : (["steps"] as const)),
    ...(sent.articles.length && sent.articles.every((each) => each.law && each.article && each.text)
      ? []
      : (["articles"] as const)),
  ];
}

/** Which part of a case a pointer of the server's leads to: "/steps/0" is of the steps. */
export const partOf = (pointer: string): string => pointer.split("/")[1] ?? "";
