/** Published cases, for everybody: what happened to others and what the law says. */
import { getOpen } from "./client";
import type { Page } from "./types";

export interface CaseItem {
  id: string;
  title: string;
  topic: string;
  summary: string;
  published_on: string;
}
export interface LegalCase {
  id: string;
  title: string;
  topic: string;
  categories: string[];
  story: string;
  question: string;
  answer: string;
  steps: string[];
  articles: { law: string; article: string; text: string }[];
  adviser_name: string | null;
  published_on: string;
}
export interface CaseFilter {
  q?: string;
  topic?: string;
  category?: string;
  cursor?: string | null;
  limit?: number;
}

export const cases = {
  page: (filter: CaseFilter) => getOpen<Page<CaseItem>>("/api/public/cases", { ...filter }),
  one: (id: string) => getOpen<LegalCase>(`/api/public/cases/${id}`),
};
