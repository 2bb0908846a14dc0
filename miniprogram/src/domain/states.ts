import type { IconName } from "@/icons/names";
import type { RequestState } from "@/api/types";

/** How a state looks. The word and the icon carry the meaning, the colour only supports it. */
export interface StateLook {
  tone: "waiting" | "working" | "attention" | "good" | "closed";
  icon: IconName;
}

export const STATES: Record<RequestState, StateLook> = {
  submitted: { tone: "waiting", icon: "send" },
  accepted: { tone: "working", icon: "check" },
  assigned: { tone: "working", icon: "swap" },
  disputed: { tone: "waiting", icon: "scale" },
  in_progress: { tone: "working", icon: "tool" },
  awaiting_resident: { tone: "attention", icon: "help" },
  replied: { tone: "attention", icon: "chat" },
  contested: { tone: "working", icon: "undo" },
  rework: { tone: "working", icon: "refresh" },
  supervised: { tone: "attention", icon: "shield" },
  deferred: { tone: "waiting", icon: "calendar" },
  merged: { tone: "working", icon: "list" },
  not_accepted: { tone: "closed", icon: "info" },
  confirmed: { tone: "good", icon: "check" },
  closed_unconfirmed: { tone: "closed", icon: "wait" },
  withdrawn: { tone: "closed", icon: "close" },
};

export const TERMINAL: readonly string[] = ["not_accepted", "confirmed", "closed_unconfirmed", "withdrawn"];

const UNKNOWN: StateLook = { tone: "working", icon: "clock" };

/** A state a newer server knows and this release does not still has a look. */
export const lookOf = (state: string): StateLook => STATES[state as RequestState] ?? UNKNOWN;
