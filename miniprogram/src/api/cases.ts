/** Published cases, for everybody: what happened to others and what the law says. */
import { getOpen } from "./client";
import type { components, paths } from "./schema";
import type { Page } from "./types";

export type CaseItem = components["schemas"]["CaseItem"];
export type LegalCase = components["schemas"]["PublicCase"];
export type CaseFilter = paths["/api/public/cases"]["get"]["parameters"]["query"];

export const cases = {
  page: (filter: CaseFilter) => getOpen<Page<CaseItem>>("/api/public/cases", { ...filter }),
  one: (id: string) => getOpen<LegalCase>(`/api/public/cases/${id}`),
};
