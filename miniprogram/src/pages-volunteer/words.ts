/** How a sign-up stands, as a whole sentence. */
import type { Signup } from "@/api/volunteering";
import { moment } from "@/domain/dates";
import { durationOf, standingOf } from "@/domain/volunteering";
import { say, t } from "@/i18n";

export function standingWords(signup: Signup, nowMs: number): string {
  const standing = standingOf(signup, nowMs);
  if (standing === "waiting" && signup.position !== null) return t("volunteer.standing.in_line", { n: signup.position });
  if (standing === "offered" && signup.offer_until) return t("volunteer.standing.offered_until", { at: say(moment(signup.offer_until, nowMs)) });
  if (standing === "present") return t("volunteer.standing.present", { at: say(moment(signup.in_at!, nowMs)) });
  if (standing === "counted") return t("volunteer.standing.counted", { time: say(durationOf(signup.minutes!)) });
  return t(`volunteer.standing.${standing}`);
}
