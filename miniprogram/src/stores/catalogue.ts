import { ref, watch } from "vue";
import { catalogue as endpoint } from "@/api/endpoints";
import type { Catalogue, Category } from "@/api/types";
import { read, write } from "@/platform/storage";
import { t } from "@/i18n";
import { settings, type Language } from "./settings";

interface Kept {
  etag: string | null;
  content: Catalogue;
}

/** What can be asked of the county, in the language in force; kept on the phone between visits. */
export const catalogue = ref<Catalogue | null>(null);

const keyOf = (language: Language) => `catalogue:${language}`;
let shown: Language | null = null;
const pending = new Map<Language, Promise<Catalogue>>();

/** Shows the kept catalogue at once and fetches the new one only when it changed. */
export function loadCatalogue(): Promise<Catalogue> {
  const { language } = settings;
  const running = pending.get(language) ?? fetch(language).finally(() => pending.delete(language));
  pending.set(language, running);
  return running;
}

async function fetch(language: Language): Promise<Catalogue> {
  const kept = read<Kept>(keyOf(language));
  if (kept && shown !== language) show(kept.content, language);
  const reply = await endpoint.read(kept?.etag ?? null);
  const content = reply.status === 304 && kept ? kept.content : reply.body;
  if (reply.status !== 304) write(keyOf(language), { etag: reply.etag, content } satisfies Kept);
  show(content, language);
  return content;
}

/** An answer in a language the person meanwhile left is kept for later but not shown. */
function show(content: Catalogue, language: Language): void {
  if (language !== settings.language) return;
  catalogue.value = content;
  shown = language;
}

watch(
  () => settings.language,
  // Should it fail, the old words stay until a page loads the catalogue anew.
  () => catalogue.value && void loadCatalogue().catch(() => {}),
);

export const categoryOf = (code: string): Category | null =>
  catalogue.value?.categories.find((category) => category.code === code) ?? null;

/** A category's name; a request may be older than the catalogue that no longer lists it. */
export const categoryName = (code: string): string => categoryOf(code)?.name ?? t("category.other");
