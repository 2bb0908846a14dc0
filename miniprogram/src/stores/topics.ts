import { ref } from "vue";
import { topics as endpoint, type Topic } from "@/api/legal";
import { settings } from "./settings";

/** What advisers are asked about, in the language in which they were read last. */
export const topics = ref<Topic[]>([]);
let language = "";

export async function loadTopics(): Promise<Topic[]> {
  if (language === settings.language) return topics.value;
  const { language: wanted } = settings;
  topics.value = await endpoint();
  language = wanted;
  return topics.value;
}

export const topicOf = (code: string): Topic | null => topics.value.find((topic) => topic.code === code) ?? null;

/** A topic's name; a matter may be older than the list that no longer has it. */
export const topicName = (code: string): string => topicOf(code)?.name ?? code;
