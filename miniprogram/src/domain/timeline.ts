import type { IconName } from "@/icons/names";

const ICONS: Record<string, IconName> = {
  submitted: "send",
  accepted: "check",
  not_accepted: "info",
  assigned: "swap",
  started: "tool",
  asked: "help",
  supplied: "document",
  replied: "chat",
  confirmed: "check",
  contested: "undo",
  withdrawn: "close",
  note: "edit",
  danger_flagged: "warning",
  text_flagged: "flag",
};

/** A kind a newer server knows and this release does not still has a sign. */
export const iconOf = (kind: string): IconName => ICONS[kind] ?? "clock";
