import type { Catalogue, Category, Emergency } from "@/api/types";

/** Of the best match's points, what another needs to be worth showing beside it. */
const CLOSE_ENOUGH = 0.3;

const pairs = (text: string): string[] => {
  const clean = text.toLowerCase().replace(/[\s，。、；！？,.;!?]/g, "");
  return Array.from({ length: Math.max(0, clean.length - 1) }, (_, i) => clean.slice(i, i + 2));
};

function score(category: Category, query: string): number {
  const q = query.trim().toLowerCase();
  const name = category.name.toLowerCase();
  let points = name.includes(q) ? 10 : 0;
  for (const keyword of category.keywords) {
    const word = keyword.toLowerCase();
    if (word.includes(q) || q.includes(word)) points += 6;
  }
  const own = new Set(pairs([category.name, category.hint, ...category.keywords].join(" ")));
  return points + pairs(q).filter((pair) => own.has(pair)).length;
}

/** Categories for everyday words ("门口的灯不亮了"), the likeliest first. */
export function searchCategories(catalogue: Catalogue, query: string): Category[] {
  if (!query.trim()) return [];
  const scored = catalogue.categories
    .map((category) => ({ category, points: score(category, query) }))
    .sort((a, b) => b.points - a.points);
  const enough = Math.max(1, (scored[0]?.points ?? 0) * CLOSE_ENOUGH);
  return scored.filter(({ points }) => points >= enough).map(({ category }) => category);
}

/**
 * Emergency numbers to show first: those whose own words were said, and in a category also those
 * its words of danger call for. A category that names numbers but no words always shows them.
 */
export function emergencyFor(catalogue: Catalogue, category: Category | null, text: string): Emergency[] {
  const said = text.toLowerCase();
  const heard = (words: string[]) => words.some((word) => said.includes(word.toLowerCase()));
  const found = new Map<string, Emergency>();
  const add = ({ number, label }: Emergency) => found.set(number, { number, label });
  catalogue.emergencies.filter(({ words }) => heard(words)).forEach(add);
  if (category && (category.danger.length === 0 || heard(category.danger))) category.emergency.forEach(add);
  return [...found.values()];
}
