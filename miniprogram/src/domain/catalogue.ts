import type { Catalogue, Category, Emergency } from "@/api/types";

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
  return catalogue.categories
    .map((category) => ({ category, points: score(category, query) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ category }) => category);
}

/** Emergency numbers to show first: the category's own, or those its words of danger call for. */
export function emergencyFor(catalogue: Catalogue, category: Category | null, text: string): Emergency[] {
  const found = new Map<string, Emergency>();
  const add = (numbers: Emergency[]) => numbers.forEach((entry) => found.set(entry.number, entry));
  if (category && category.danger.length === 0) add(category.emergency);
  const said = text.toLowerCase();
  for (const candidate of catalogue.categories)
    if (candidate.danger.some((word) => said.includes(word.toLowerCase()))) add(candidate.emergency);
  return [...found.values()];
}
