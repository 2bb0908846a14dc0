import type { SubscribeOutcome } from "@/api/types";

export type { SubscribeOutcome };

export interface PickedImage {
  path: string;
  /** Bytes. */
  size: number;
}

export interface PickedPlace {
  text: string;
  /** gcj02 degrees. */
  latitude: number;
  longitude: number;
}

/** The person closed a picker or a question without answering: nothing went wrong. */
export class Cancelled extends Error {}

/** The service was opened outside WeChat, where nobody can sign in. */
export class NotInWeChat extends Error {}

/** What the pages need of the phone they run on; one object per build. */
export interface Platform {
  /** A map to point at exists; otherwise a place is said in words. */
  readonly hasMap: boolean;
  /** A fresh sign-in code. Throws NotInWeChat where there is none to be had. */
  login(): Promise<string>;
  /** Must be called straight from a tap. At most three template ids; answers one outcome each. */
  requestSubscribe(templateIds: string[]): Promise<Record<string, SubscribeOutcome>>;
  /** Up to `count` pictures; throws Cancelled. */
  chooseImages(count: number): Promise<PickedImage[]>;
  /** A point on the map; throws Cancelled. Only where `hasMap`. */
  chooseLocation(): Promise<PickedPlace>;
  /** A code the server trades for the phone number; `event` is what WeChat's own button gave. */
  getPhoneCode(event?: { code?: string }): Promise<string>;
}
