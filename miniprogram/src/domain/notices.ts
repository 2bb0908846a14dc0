import type { Notice } from "@/api/types";

type Subject = NonNullable<Notice["subject"]>;

/** Somebody may be told of a request because they made it, work on it, or follow a neighbour's. */
const REQUEST_PAGES: Record<Subject["as"], string> = {
  requester: "/pages/request/request",
  staff: "/pages-workbench/detail/detail",
  follower: "/pages-more/neighbour/neighbour",
};

/** What has a page of its own: as its person sees it, and as those who work on it. */
const PAGES: Record<string, { own: string; staff: string }> = {
  consultation: { own: "/pages-legal/booking/booking", staff: "/pages-adviser/meeting/meeting" },
  question: { own: "/pages-legal/question/question", staff: "/pages-adviser/question/question" },
  case: { own: "/pages-legal/case/case", staff: "/pages-adviser/case/case" },
  signup: { own: "/pages-volunteer/shift/shift", staff: "/pages-volunteer/shift/shift" },
  // Of a shift as a whole its organisers are told.
  shift: { own: "/pages-organiser/roster/roster", staff: "/pages-organiser/roster/roster" },
};

/** What is listed on a page of its own, whichever one it is. */
const LIST_PAGES: Record<string, string> = {
  mandate: "/pages-more/acting/acting",
  pressure_report: "/pages-workbench/inspection/inspection",
  // A time that is offered, or was: it is taken or let go among one's bookings.
  booking: "/pages-legal/bookings/bookings",
};

/** The page that shows what a notice is about; "" where it is about nothing. */
export function pageOf({ subject }: Notice): string {
  if (!subject) return "";
  const pages = PAGES[subject.kind];
  if (pages) return `${subject.as === "staff" ? pages.staff : pages.own}?id=${subject.id}`;
  return LIST_PAGES[subject.kind] ?? `${REQUEST_PAGES[subject.as]}?id=${subject.id}`;
}
