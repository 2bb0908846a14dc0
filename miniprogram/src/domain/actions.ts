/** What staff can do with a request, as the server offers it. */
import type { RequestView, TimelineEvent } from "@/api/types";
import type { IconName } from "@/icons/names";

/** In the order of how likely each is the next step: the first one possible is the main button. */
export const STAFF_ACTIONS = [
  "rule",
  "decide-extension",
  "direct",
  "answer-task",
  "accept",
  "start",
  "reply",
  "open-task",
  "assign",
  "ask",
  "request-extension",
  "defer",
  "merge",
  "dispute",
  "not-accept",
  "cancel-task",
] as const;
export type StaffAction = (typeof STAFF_ACTIONS)[number];

export const ACTION_ICONS: Record<StaffAction, IconName> = {
  rule: "scale",
  "decide-extension": "clock",
  direct: "shield",
  "answer-task": "chat",
  accept: "check",
  start: "play",
  reply: "chat",
  "open-task": "people",
  assign: "swap",
  ask: "help",
  "request-extension": "clock",
  defer: "calendar",
  merge: "list",
  dispute: "scale",
  "not-accept": "close",
  "cancel-task": "close",
};

/** What ends or turns a matter, or is not everybody's next step, never lies under the thumb. */
const EXCEPTIONAL: readonly string[] = [
  "open-task",
  "ask",
  "defer",
  "merge",
  "dispute",
  "not-accept",
  "request-extension",
  "go-on",
];

/** Of the actions the server offers, those of staff, the likeliest first. */
export const staffActions = (offered: string[]): StaffAction[] =>
  STAFF_ACTIONS.filter((action) => offered.includes(action));

/** Those that concern the whole request; a sub-task is taken back where it stands. */
export const barActions = (offered: string[]): StaffAction[] =>
  staffActions(offered).filter((action) => action !== "cancel-task");

/** Under which words an action goes: some mean another thing in another state. */
export function wordsOf(action: StaffAction, state: string): string {
  if (action === "start" && state === "awaiting_resident") return "go-on";
  if (action === "start" && state === "contested") return "redo";
  if (action === "reply" && state === "supervised") return "conclude";
  return action;
}

/** The next step to offer first; null where only exceptional ones are possible. */
export const mainAction = (actions: StaffAction[], state: string): StaffAction | null =>
  actions.find((action) => !EXCEPTIONAL.includes(wordsOf(action, state))) ?? null;

/** What happened to a request between two looks at it, oldest first. */
export function happened(before: RequestView, after: RequestView): TimelineEvent[] {
  const seen = Math.max(0, ...before.timeline.map((event) => event.seq));
  return after.timeline.filter((event) => event.seq > seen);
}
