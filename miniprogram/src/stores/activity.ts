/** The activity an organiser is writing, kept on the phone until the server has it. */
import { freshActivity } from "@/domain/activityForms";
import { forget } from "@/platform/storage";
import { keep } from "./kept";

const keyOf = (personId: string) => `activity:${personId}`;

export const openActivity = (personId: string) => keep(keyOf(personId), freshActivity);
export const forgetActivity = (personId: string): void => forget(keyOf(personId));
