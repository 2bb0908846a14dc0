import { reactive } from "vue";
import { upload } from "@/api/client";
import { attachments } from "@/api/endpoints";
import { Intent } from "@/api/intent";
import { asProblem } from "@/api/problem";
import { linkTo } from "@/api/transport";
import type { Attachment } from "@/api/types";

export const MOST_PHOTOS = 9;

export interface Photo {
  key: number;
  state: "waiting" | "uploading" | "done" | "failed";
  percent: number;
  /** What the grid shows, and what a touch enlarges. */
  preview: string;
  full: string;
  attachment: Attachment | null;
  problem: string;
}

let lastKey = 0;

const there = (attachment: Attachment): Photo => ({
  key: ++lastKey,
  state: "done",
  percent: 100,
  preview: linkTo(attachment.thumbnail_url),
  full: linkTo(attachment.url),
  attachment,
  problem: "",
});

/** Photos on their way to the server, one at a time so that a weak network carries each whole. */
export class PhotoQueue {
  photos: Photo[] = reactive([]);
  private readonly intents = new Map<number, Intent>();
  private working = false;

  constructor(kept: Attachment[] = [], private readonly changed: () => void = () => {}) {
    this.photos.push(...kept.map(there));
  }

  /** Everything that is there, in the order shown. */
  get done(): Attachment[] {
    return this.photos.flatMap((photo) => (photo.attachment ? [photo.attachment] : []));
  }

  get ids(): string[] {
    return this.done.map((attachment) => attachment.id);
  }

  /** Some have not arrived yet, or will not by themselves. */
  get unfinished(): boolean {
    return this.photos.some((photo) => photo.state !== "done");
  }

  /** Why photos failed, each reason once. */
  get problems(): string[] {
    return [...new Set(this.photos.map((photo) => photo.problem).filter(Boolean))];
  }

  add(paths: string[]): void {
    for (const path of paths.slice(0, MOST_PHOTOS - this.photos.length)) {
      const key = ++lastKey;
      this.intents.set(key, new Intent());
      this.photos.push({ key, state: "waiting", percent: 0, preview: path, full: path, attachment: null, problem: "" });
    }
    void this.work();
  }

  retry(key: number): void {
    const photo = this.photos.find((each) => each.key === key);
    if (photo?.state !== "failed") return;
    Object.assign(photo, { state: "waiting", percent: 0, problem: "" });
    void this.work();
  }

  remove(key: number): void {
    const index = this.photos.findIndex((photo) => photo.key === key);
    const [removed] = this.photos.splice(index, 1);
    // The server sweeps what nobody claims; asking it to remove now is only tidy.
    if (removed?.attachment) void attachments.remove(removed.attachment.id).catch(() => {});
    this.changed();
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    let photo: Photo | undefined;
    while ((photo = this.photos.find((each) => each.state === "waiting"))) await this.send(photo);
    this.working = false;
  }

  private async send(photo: Photo): Promise<void> {
    photo.state = "uploading";
    try {
      photo.attachment = await upload(photo.full, this.intents.get(photo.key)!, (percent) => (photo.percent = percent));
      photo.state = "done";
      photo.percent = 100;
      this.changed();
    } catch (error) {
      photo.problem = asProblem(error).sentence;
      photo.state = "failed";
    }
  }
}
