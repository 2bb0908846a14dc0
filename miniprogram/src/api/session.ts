import { reactive } from "vue";
import { platform, NotInWeChat } from "@/platform";
import { frameOrigin } from "@/platform/frame";
import { forget, read, write } from "@/platform/storage";
import { me } from "@/stores/me";
import { Problem } from "./problem";
import { send } from "./transport";
import type { Me } from "./types";
import { t } from "@/i18n";

const TOKEN = "token";
const SIGNED_OUT = "signed-out";

/** In the demo's frame each phone signs in as whoever holds it now: nothing is kept. */
const keepsToken = () => process.env.UNI_PLATFORM !== "h5" || frameOrigin() === null;

/** Whether this phone may speak for somebody; the pages show a gate when it may not. */
export const session = reactive({
  gate: (read<boolean>(SIGNED_OUT) ? "signed_out" : "open") as "open" | "signed_out" | "not_in_wechat",
});

let token = keepsToken() ? read<string>(TOKEN) : null;
let pending: Promise<string> | null = null;

/** The bearer token; signs in when there is none. Callers at the same time share one sign-in. */
export async function bearer(): Promise<string> {
  if (session.gate !== "open") throw new Problem("signed_out", t("errors.signed_out"));
  return token ?? (pending ??= signIn().finally(() => (pending = null)));
}

/** The token of whoever is signed in or can be at once; null for a passer-by, whom no gate stops. */
export async function bearerIfAny(): Promise<string | null> {
  if (session.gate !== "open") return null;
  return bearer().catch((error: unknown) => {
    if (!(error instanceof NotInWeChat)) throw error;
    session.gate = "open";
    return null;
  });
}

/** The server refused `used`: forget it, unless another call already replaced it. */
export function expire(used: string): void {
  if (token === used) keep(null);
}

async function signIn(): Promise<string> {
  try {
    const code = await platform.login();
    const answer = await send<{ token: string; person: Me }>({
      method: "POST",
      path: "/api/sessions",
      body: { code },
    });
    me.value = answer.body.person;
    keep(answer.body.token);
    return answer.body.token;
  } catch (error) {
    if (error instanceof NotInWeChat) session.gate = "not_in_wechat";
    throw error;
  }
}

function keep(value: string | null): void {
  token = value;
  if (!value) forget(TOKEN);
  else if (keepsToken()) write(TOKEN, value);
}

/** After the server ended the sessions: this phone stays out until the person asks to come in. */
export function leave(): void {
  keep(null);
  me.value = null;
  write(SIGNED_OUT, true);
  session.gate = "signed_out";
}

export function comeBack(): void {
  forget(SIGNED_OUT);
  session.gate = "open";
}
