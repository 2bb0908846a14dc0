/** Acting for somebody (代办): consents given and received. */
import { act, call, get } from "./client";
import type { Intent } from "./intent";
import type { Mandate, MandateCode, MandateTerms, RecordedConsent } from "./types";

export const mandates = {
  mine: () => get<{ given: Mandate[]; received: Mandate[] }>("/api/me/mandates"),
  makeCode: (intent: Intent, terms: MandateTerms) => act<MandateCode>(intent, "/api/me/mandates", terms),
  claim: (intent: Intent, code: string) => act<Mandate>(intent, "/api/mandates/claim", { code }),
  /** Whether there is such a person is never said. */
  ask: (intent: Intent, whom: { name: string; phone: string } & MandateTerms) =>
    act<object>(intent, "/api/mandates/requests", whom),
  confirm: (intent: Intent, id: string) => act<Mandate>(intent, `/api/mandates/${id}/confirm`, {}),
  /** A grid worker writes down a consent given in their presence. */
  record: (intent: Intent, consent: RecordedConsent) =>
    act<Mandate>(intent, "/api/mandates/recorded", consent),
  revoke: (id: string) => call<void>({ method: "DELETE", path: `/api/mandates/${id}` }),
};
