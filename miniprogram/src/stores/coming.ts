/**
 * The shifts one is to go to, as seen last: enough to scan a code where there is no network. It holds
 * no address and nobody's phone.
 */
import type { Signup, Times } from "@/api/volunteering";
import { forget, read, write } from "@/platform/storage";
import { me } from "./me";

export interface Remembered extends Times {
  id: string;
  title: string;
  in_at: string | null;
  out_at: string | null;
}
interface Kept {
  personId: string;
  items: Remembered[];
}
const KEY = "coming-shifts";

const kept = (): Kept | null => read<Kept>(KEY);

/** Whose phone it is, also before the server could say so. */
export const holder = (): string | null => me.value?.id ?? kept()?.personId ?? null;

/** Takes over what the server said of the shifts to come; only those one has a place in are kept. */
export function remember(personId: string, signups: Signup[]): void {
  const items = signups
    .filter(({ state }) => state === "confirmed")
    .map(({ id, activity, shift, in_at, out_at }) => ({
      id, title: activity.title, starts_at: shift.starts_at, ends_at: shift.ends_at, in_at, out_at,
    }));
  write(KEY, { personId, items } satisfies Kept);
}

export function remembered(): Remembered[] {
  const last = kept();
  return last && last.personId === holder() ? last.items : [];
}

/** Nothing of theirs stays on the phone. */
export function forgetComing(personId: string): void {
  if (kept()?.personId === personId) forget(KEY);
}
