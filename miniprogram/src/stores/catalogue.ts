import { ref } from "vue";
import { catalogue as endpoint } from "@/api/endpoints";
import type { Catalogue, Category } from "@/api/types";
import { read, write } from "@/platform/storage";
import { t } from "@/i18n";
import { settings } from "./settings";

interface Kept {
  etag: string | null;
  content: Catalogue;
}

/** What can be asked of the county, in the language in force; kept on the phone between visits. */
export const catalogue = ref<Catalogue | null>(null);

const key = () => `catalogue:${settings.language}`;
let shownLanguage = "";
let pending: Promise<Catalogue> | null = null;

/** Shows the kept catalogue at once and fetches the new one only when it changed. */
export function loadCatalogue(): Promise<Catalogue> {
  return (pending ??= fetch().finally(() => (pending = null)));
}

async function fetch(): Promise<Catalogue> {
  const language = settings.language;
  const kept = read<Kept>(key());
  if (kept && shownLanguage !== language) show(kept.content, language);
  const reply = await endpoint.read(kept?.etag ?? null);
  if (reply.status !== 304) {
    write(key(), { etag: reply.etag, content: reply.body } satisfies Kept);
    show(reply.body, language);
  } else if (kept) show(kept.content, language);
  return catalogue.value!;
}

function show(content: Catalogue, language: string): void {
  catalogue.value = content;
  shownLanguage = language;
}

export const categoryOf = (code: string): Category | null =>
  catalogue.value?.categories.find((category) => category.code === code) ?? null;

/** A category's name; a request may be older than the catalogue that no longer lists it. */
export const categoryName = (code: string): string => categoryOf(code)?.name ?? t("category.other");
