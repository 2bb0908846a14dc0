import { watch } from "vue";
import { createI18n } from "vue-i18n";
import type { Sentence } from "@/domain/dates";
import adviserEn from "@/locales/adviser/en.json";
import adviserZh from "@/locales/adviser/zh-CN.json";
import en from "@/locales/en.json";
import legalEn from "@/locales/legal/en.json";
import legalZh from "@/locales/legal/zh-CN.json";
import moreEn from "@/locales/more/en.json";
import moreZh from "@/locales/more/zh-CN.json";
import organiserEn from "@/locales/organiser/en.json";
import organiserZh from "@/locales/organiser/zh-CN.json";
import volunteerEn from "@/locales/volunteer/en.json";
import volunteerZh from "@/locales/volunteer/zh-CN.json";
import workbenchEn from "@/locales/workbench/en.json";
import workbenchZh from "@/locales/workbench/zh-CN.json";
import zhCN from "@/locales/zh-CN.json";
import { settings } from "@/stores/settings";

export const i18n = createI18n({
  legacy: false,
  locale: settings.language as string,
  fallbackLocale: "zh-CN",
  messages: {
    "zh-CN": { ...zhCN, ...moreZh, adviser: adviserZh, legal: legalZh, organiser: organiserZh, volunteer: volunteerZh, workbench: workbenchZh },
    en: { ...en, ...moreEn, adviser: adviserEn, legal: legalEn, organiser: organiserEn, volunteer: volunteerEn, workbench: workbenchEn },
  },
});

/** The sentence for a key in the language in force now; reactive when used in a template. */
export const t = i18n.global.t as (key: string, params?: Record<string, unknown>) => string;

/** Whether there is a sentence of our own for a key that the server chose. */
export const has = (key: string): boolean => i18n.global.te(key);

/** A sentence some rule chose, with the month and the day of the week by their names. */
export function say({ key, params }: Sentence): string {
  const names: Record<string, string> = {};
  if ("month" in params) names.month = t(`dates.months.${params.month}`);
  if ("weekday" in params) names.weekday = t(`dates.weekdays.${params.weekday}`);
  return t(key, { ...params, ...names });
}

watch(
  () => settings.language,
  (language) => {
    i18n.global.locale.value = language;
    // #ifdef H5
    document.documentElement.lang = language;
    // #endif
  },
  // At once, so that whoever reacts to the language already finds its words.
  { immediate: true, flush: "sync" },
);
