import { reactive, watch } from "vue";
import { read, write } from "@/platform/storage";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

interface Stored {
  elder: boolean | null;
  language: Language | null;
}

const KEY = "settings";
/** WeChat's own text size from which the elder mode is the better start. */
const LARGE_TEXT = 1.25;

const stored: Stored = read<Stored>(KEY) ?? { elder: null, language: null };

/** What the person chose on this phone: language and elder mode. */
export const settings = reactive({
  language: stored.language ?? ("zh-CN" as Language),
  elder: stored.elder ?? false,

  /** Until the person chose, WeChat's large text switches the elder mode on. */
  followSystem() {
    const scale = (uni.getAppBaseInfo() as { fontSizeScaleFactor?: number }).fontSizeScaleFactor;
    if (stored.elder === null && scale && scale >= LARGE_TEXT) this.elder = true;
  },
  /** On a new phone the language is the one the person chose before. */
  followPerson(language: string) {
    const known = LANGUAGES.find((each) => each === language);
    if (stored.language === null && known) this.language = known;
  },
  setElder(on: boolean) {
    this.elder = on;
    stored.elder = on;
    write(KEY, stored);
  },
  setLanguage(language: Language) {
    this.language = language;
    stored.language = language;
    write(KEY, stored);
  },
});

// #ifdef H5
watch(
  () => settings.elder,
  (on) => document.documentElement.classList.toggle("elder", on),
  { immediate: true },
);
// #endif
