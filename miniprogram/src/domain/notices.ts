import type { Notice } from "@/api/types";

/** The page that shows what a notice is about; "" where it is about nothing. */
export function pageOf({ subject }: Notice): string {
  if (!subject) return "";
  if (subject.kind === "mandate") return "/pages-more/acting/acting";
  // Somebody may be told of a request because they made it, work on it, or follow it.
  const as: string = subject.as;
  if (as === "staff") return `/pages-workbench/detail/detail?id=${subject.id}`;
  if (as === "follower") return `/pages-more/neighbour/neighbour?id=${subject.id}`;
  return `/pages/request/request?id=${subject.id}`;
}
