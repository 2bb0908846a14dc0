import { ref } from "vue";
import { terms as endpoint, type Kind, type Skill, type Terms } from "@/api/volunteering";
import { settings } from "./settings";

/** Kinds of activities and skills, in the language in which they were read last. */
export const terms = ref<Terms>({ kinds: [], skills: [] });
let language = "";

export async function loadTerms(): Promise<Terms> {
  if (language === settings.language) return terms.value;
  const { language: wanted } = settings;
  terms.value = await endpoint();
  language = wanted;
  return terms.value;
}

export const kindOf = (code: string): Kind | null => terms.value.kinds.find((kind) => kind.code === code) ?? null;

/** A kind's name; an activity may be older than the list that no longer has it. */
export const kindName = (code: string): string => kindOf(code)?.name ?? code;

const skillOf = (code: string): Skill | null => terms.value.skills.find((skill) => skill.code === code) ?? null;
export const skillName = (code: string): string => skillOf(code)?.name ?? code;
