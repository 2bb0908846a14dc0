/** What is public, what one follows, and what can be seen without signing in. */
import { act, call, get, getAsAnyone } from "./client";
import type { Intent } from "./intent";
import { send } from "./transport";
import type { Page, Progress, PublicItem, PublicView } from "./types";

export const neighbours = {
  /** Public requests of an area, newest first. */
  page: (area: string, cursor?: string | null) =>
    getAsAnyone<Page<PublicItem>>("/api/public/requests", { area, cursor }),
  one: (id: string) => getAsAnyone<PublicView>(`/api/public/requests/${id}`),
  followed: (cursor?: string | null) => get<Page<PublicItem>>("/api/follows", { cursor }),
  follow: (intent: Intent, id: string) => act<void>(intent, `/api/requests/${id}/follow`, {}),
  unfollow: (id: string) => call<void>({ method: "DELETE", path: `/api/requests/${id}/follow` }),
  /** At most three that may be the same matter. */
  similar: (about: { category: string; area_code: string; text: string }) =>
    get<{ items: PublicItem[] }>("/api/requests/similar", about).then((answer) => answer.items),
};

/** How far a request has got, for whoever holds its receipt and knows the phone's end. */
export const lookUp = (number: string, phone_last4: string): Promise<Progress> =>
  send<Progress>({ method: "POST", path: "/api/lookup", body: { number, phone_last4 } }).then(
    (reply) => reply.body,
  );
