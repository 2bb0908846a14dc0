/** Scans made where there was no network: kept on the phone with their key, and sent later. */
import { reactive } from "vue";
import { Intent, type StoredIntent } from "@/api/intent";
import { asProblem } from "@/api/problem";
import { presence, signups, type Signup, type Way } from "@/api/volunteering";
import { read, write } from "@/platform/storage";
import { me } from "./me";
import { loadMeIfAny } from "./person";

export interface KeptScan {
  personId: string;
  signupId: string;
  way: Way;
  code: string;
  /** By this phone's clock, only to be shown. */
  scannedAt: string;
  intent: StoredIntent | null;
  /** Why the server did not take it; "" while it has not said. */
  refusal: string;
}

const KEY = "scans";

/** Everybody's who uses this phone, in the order scanned. */
export const scans = reactive<KeptScan[]>(read<KeptScan[]>(KEY) ?? []);
const store = () => write(KEY, scans);

export const scansOf = (signupId: string): KeptScan[] => scans.filter((scan) => scan.signupId === signupId);

/** Typed digits do not say when they were on the screen: later they are worth nothing. */
const isTyped = (code: string): boolean => /^\d{6}$/.test(code);

/**
 * Checks in or out. Without network a scan is kept, and the answer is "kept"; what the server
 * refuses is thrown, and typed digits that nobody heard.
 */
export async function attend(personId: string, signupId: string, way: Way, code: string): Promise<"sent" | "kept"> {
  try {
    await signups.attend(new Intent(), presence(signupId, way, code, false));
    return "sent";
  } catch (error) {
    if (isTyped(code) || !asProblem(error).unheard) throw error;
    const intent = new Intent();
    intent.keyFor(presence(signupId, way, code, true));
    drop(signupId, way);
    scans.push({ personId, signupId, way, code, scannedAt: new Date().toISOString(), intent: intent.snapshot(), refusal: "" });
    store();
    return "kept";
  }
}

/** Gives a kept scan up. */
export function drop(signupId: string, way: Way): void {
  const at = scans.findIndex((scan) => scan.signupId === signupId && scan.way === way);
  if (at >= 0) scans.splice(at, 1);
  store();
}

/** Nothing they scanned stays on the phone. */
export function forgetScans(personId: string): void {
  scans.splice(0, scans.length, ...scans.filter((scan) => scan.personId !== personId));
  store();
}

let sending: Promise<void> | null = null;

/** Sends what waits, the oldest first, until the network fails again. Never throws. */
export function sendScans(): Promise<void> {
  return (sending ??= sendAll().finally(() => (sending = null)));
}

async function sendAll(): Promise<void> {
  const waiting = scans.filter(({ refusal }) => !refusal);
  if (!waiting.length) return;
  try {
    const person = me.value ?? (await loadMeIfAny());
    for (const scan of waiting) if (scan.personId === person?.id) await sendOne(scan);
  } catch {
    // Still no network: they wait on.
  }
}

/** Throws when nobody answered. */
async function sendOne(scan: KeptScan): Promise<void> {
  const { signupId, way, code } = scan;
  try {
    await signups.attend(new Intent(scan.intent), presence(signupId, way, code, true));
    drop(signupId, way);
  } catch (error) {
    const problem = asProblem(error);
    if (problem.unheard) throw error;
    // The first try may have arrived although its answer did not.
    if (isIn(await signups.one(signupId), way)) drop(signupId, way);
    else scan.refusal = problem.sentence;
    store();
  }
}

const isIn = (signup: Signup, way: Way): boolean => (way === "in" ? signup.in_at : signup.out_at) !== null;
