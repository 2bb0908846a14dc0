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

export interface FileAnswer {
  status: number;
  /** The refusal; null once the file was handed over. */
  body: unknown;
}

/** Something to remember, for the phone's own calendar. */
export interface CalendarEvent {
  title: string;
  /** ISO 8601 with offset. */
  startsAt: string;
  endsAt: string;
  place: string;
  note: string;
  /** Where its .ics file is, for phones that take one. */
  file: () => Promise<string>;
}

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
  /**
   * Fetches a file and hands it to the person: opened where the phone can, else kept or sent on.
   * Answers the status, and what the server said where it refused. Throws when nothing came back.
   */
  handFile(url: string, headers: Record<string, string>, name: string): Promise<FileAnswer>;
  /** Must be called straight from a tap. Asks the person, who may say no: throws Cancelled. */
  addToCalendar(event: CalendarEvent): Promise<void>;
  /** The camera can read a QR code; otherwise a code is typed. */
  readonly canScan: boolean;
  /** What a QR code says; throws Cancelled. Only where `canScan`. */
  scanCode(): Promise<string>;
  /** What a text file with this extension says; throws Cancelled. */
  chooseText(extension: string): Promise<string>;
  /** A code the server trades for the phone number; `event` is what WeChat's own button gave. */
  getPhoneCode(event?: { code?: string }): Promise<string>;
}
