/** A matter's own words beside the ones to publish: what was replaced, what still looks personal. */
import type { Finding, Replacement } from "@/api/adviser";

export interface Piece {
  text: string;
  /** What the marked words are; null for what is not marked. */
  mark: "replaced" | "finding" | null;
}

/** The text in pieces, with each occurrence of the marked words; longer words win. */
export function marked(text: string, marks: { text: string; mark: "replaced" | "finding" }[]): Piece[] {
  const words = marks.filter((each) => each.text !== "").sort((a, b) => b.text.length - a.text.length);
  const pieces: Piece[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const hit = words.find((each) => text.startsWith(each.text, at));
    if (!hit) {
      plain += text[at++];
      continue;
    }
    if (plain) pieces.push({ text: plain, mark: null });
    plain = "";
    pieces.push({ text: hit.text, mark: hit.mark });
    at += hit.text.length;
  }
  if (plain) pieces.push({ text: plain, mark: null });
  return pieces;
}

/** What was said, with what is not published marked. */
export const original = (text: string, replaced: Replacement[]): Piece[] =>
  marked(text, replaced.map(({ from }) => ({ text: from, mark: "replaced" as const })));

/** What would be published, with the stand-ins and with what still looks personal marked. */
export const published = (field: string, text: string, replaced: Replacement[], findings: Finding[]): Piece[] =>
  marked(text, [
    ...findings.filter((each) => each.field === `/${field}`).map((each) => ({ text: each.text, mark: "finding" as const })),
    ...replaced.map(({ to }) => ({ text: to, mark: "replaced" as const })),
  ]);
