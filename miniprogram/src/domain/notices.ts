import type { Notice } from "@/api/types";

type Subject = NonNullable<Notice["subject"]>;

/** Somebody may be told of a request because they made it, work on it, or follow a neighbour's. */
const REQUEST_PAGES: Record<Subject["as"], string> = {
  requester: "/pages/request/request",
  staff: "/pages-workbench/detail/detail",
  follower: "/pages-more/neighbour/neighbour",
};

/** What is listed on a page of its own, whichever one it is. */
const LIST_PAGES: Record<string, string> = {
  mandate: "/pages-more/acting/acting",
  pressure_report: "/pages-workbench/inspection/inspection",
};

/** The page that shows what a notice is about; "" where it is about nothing. */
export function pageOf({ subject }: Notice): string {
  if (!subject) return "";
  return LIST_PAGES[subject.kind] ?? `${REQUEST_PAGES[subject.as]}?id=${subject.id}`;
}
