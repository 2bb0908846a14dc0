/** The ledger as one reads it: month by month, with the hours of each. */
import type { LedgerEntry, LedgerFilter } from "@/api/adviser";
import type { Sentence } from "./dates";

export const ENTERED_KINDS = ["lecture", "contract_review", "visit"] as const;
export type EnteredKind = (typeof ENTERED_KINDS)[number];

export interface Month {
  /** "2026-11". */
  month: string;
  minutes: number;
  entries: LedgerEntry[];
}

/** Entries by the month of the service, the latest first; a voided one counts no minutes. */
export function byMonth(entries: LedgerEntry[]): Month[] {
  const months = new Map<string, Month>();
  for (const entry of entries) {
    const month = entry.served_on.slice(0, 7);
    const one = months.get(month) ?? { month, minutes: 0, entries: [] };
    one.entries.push(entry);
    if (!entry.voided) one.minutes += entry.minutes ?? 0;
    months.set(month, one);
  }
  return [...months.values()].sort((a, b) => b.month.localeCompare(a.month));
}

/** Minutes in the hours people count in: "1 h 30 min", below an hour only minutes. */
export function duration(minutes: number): Sentence {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return { key: "adviser.minutes", params: { n: rest } };
  if (!rest) return { key: "adviser.hours", params: { n: hours } };
  return { key: "adviser.hours_minutes", params: { h: hours, n: rest } };
}

/** Whether the text is a whole number of minutes the server takes: 1 to 600. */
export function minutesIn(typed: string): number | null {
  const value = Number(typed.trim());
  return typed.trim() !== "" && Number.isInteger(value) && value >= 1 && value <= 600 ? value : null;
}

/** What of the ledger is looked at; "" and null are everything. */
export interface LedgerNarrowing {
  adviser: { id: string; name: string } | null;
  village: { code: string; name: string } | null;
  from: string;
  to: string;
}

export const everyEntry = (): LedgerNarrowing => ({ adviser: null, village: null, from: "", to: "" });

/** As the server is asked for it. */
export const filterOf = ({ adviser, village, from, to }: LedgerNarrowing): LedgerFilter => ({
  adviser: adviser?.id,
  village: village?.code,
  from,
  to,
});
