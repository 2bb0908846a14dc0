/** What staff must not overlook on a request, the gravest first. */
import type { RequestView } from "@/api/types";
import type { IconName } from "@/icons/names";
import { TERMINAL } from "./states";

export interface Flag {
  /** Under which words it goes. */
  name: string;
  tone: "danger" | "warn" | "calm";
  icon: IconName;
  /** What was said about it, if anything. */
  text: string;
  params: Record<string, string | number>;
  /** When it happened; null where that says nothing. */
  at: string | null;
}

/** After these the time runs anew, and what was said of the old one is over. */
const NEW_TIME: readonly string[] = ["extension_granted", "deadline_moved", "supplied", "contested", "came_back", "directed", "reopened"];

const NO_MORE = { text: "", params: {}, at: null };

/** Names of those a complaint is about. */
const accused = (view: RequestView, separator: string): string =>
  view.about.map(({ unit_name, person_name }) => unit_name ?? person_name).filter(Boolean).join(separator);

export function flagsOf(view: RequestView, separator: string): Flag[] {
  const events = [...view.timeline].reverse();
  const latest = (kind: string) => events.find((event) => event.kind === kind);
  const count = (kind: string) => events.filter((event) => event.kind === kind).length;
  const open = !TERMINAL.includes(view.state);
  const flags: (Flag | false | undefined)[] = [
    Boolean(latest("danger_flagged")) && open && { name: "danger", tone: "danger", icon: "warning", ...NO_MORE },
    view.about.length > 0 && {
      name: "complaint",
      tone: "danger",
      icon: "lock",
      ...NO_MORE,
      params: { whom: accused(view, separator) },
    },
  ];
  const flag = (kind: string, icon: IconName, params = {}, name = kind): Flag | false => {
    const event = latest(kind);
    return event !== undefined && open && { name, tone: "warn", icon, text: event.text ?? "", params, at: event.at };
  };
  flags.push(flag("second_list", "flag"));
  const pressed = latest("escalated");
  const renewed = events.find(({ kind }) => NEW_TIME.includes(kind));
  if (pressed && pressed.seq > (renewed?.seq ?? 0))
    flags.push(flag("escalated", "flag", {}, `escalated.${pressed.data.share ?? 100}`));
  const extension = view.extension;
  if (extension?.state === "pending" && open)
    flags.push({ name: "extension", tone: "warn", icon: "clock", text: extension.reason, params: {}, at: extension.asked_at });
  flags.push(flag("reminded", "bell", { n: count("reminded") }));
  const { outcome } = view;
  if (outcome?.duplicate_of && view.state === "merged")
    flags.push({ name: "merged", tone: "calm", icon: "list", ...NO_MORE, params: { number: outcome.duplicate_of } });
  if (outcome?.until_on && view.state === "deferred")
    flags.push({ name: "deferred", tone: "calm", icon: "calendar", ...NO_MORE, params: { day: outcome.until_on } });
  return flags.filter((each): each is Flag => Boolean(each));
}
