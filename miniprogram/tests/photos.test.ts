import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeUni } from "./fakeUni";

interface Upload {
  filePath: string;
  header: Record<string, string>;
  success: (reply: { statusCode: number; data: string }) => void;
  fail: (error: { errMsg: string }) => void;
}

const link = "/api/attachments/x";
const arrived = (id: string) =>
  JSON.stringify({ id, width: 4, height: 3, size: 9, url: link, thumbnail_url: link, expires_at: "2026-11-23T16:00:00Z" });

describe("photos on their way", () => {
  let uploads: Upload[];
  let changed: ReturnType<typeof vi.fn>;
  let queue: InstanceType<typeof import("@/stores/photos").PhotoQueue>;

  beforeEach(async () => {
    vi.resetModules();
    uploads = [];
    const phone = fakeUni();
    phone.answers(() => ({ statusCode: 204 }));
    Object.assign(uni, {
      uploadFile: (options: Upload) => {
        uploads.push(options);
        return { onProgressUpdate: () => {} };
      },
    });
    vi.doMock("@/api/session", () => ({ bearer: async () => "token", expire: () => {} }));
    const { PhotoQueue } = await import("@/stores/photos");
    changed = vi.fn();
    queue = new PhotoQueue([], changed);
  });

  const sent = (count: number) => vi.waitFor(() => expect(uploads).toHaveLength(count));

  it("travel one at a time, in the order chosen", async () => {
    queue.add(["a.jpg", "b.jpg"]);
    await sent(1);
    expect(queue.photos.map((photo) => photo.state)).toEqual(["uploading", "waiting"]);
    uploads[0]!.success({ statusCode: 201, data: arrived("1") });
    await sent(2);
    uploads[1]!.success({ statusCode: 201, data: arrived("2") });
    await vi.waitFor(() => expect(queue.unfinished).toBe(false));
    expect(queue.ids).toEqual(["1", "2"]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it("that failed say why, do not hold up the others, and are the same wish when retried", async () => {
    queue.add(["a.jpg", "b.jpg"]);
    await sent(1);
    uploads[0]!.fail({ errMsg: "uploadFile:fail timeout" });
    await sent(2);
    uploads[1]!.success({ statusCode: 413, data: '{"code":"image_too_large","detail":"图片不能超过 10 MB"}' });
    await vi.waitFor(() => expect(queue.problems).toHaveLength(2));
    expect(queue.problems[1]).toBe("图片不能超过 10 MB");
    queue.retry(queue.photos[0]!.key);
    await sent(3);
    expect(uploads[2]!.header["Idempotency-Key"]).toBe(uploads[0]!.header["Idempotency-Key"]);
  });

  it("are nine at most, and those removed are gone", async () => {
    queue.add(Array.from({ length: 12 }, (_, n) => `${n}.jpg`));
    expect(queue.photos).toHaveLength(9);
    await sent(1);
    uploads[0]!.success({ statusCode: 201, data: arrived("1") });
    await vi.waitFor(() => expect(queue.ids).toEqual(["1"]));
    queue.remove(queue.photos[0]!.key);
    expect(queue.ids).toEqual([]);
    expect(queue.photos).toHaveLength(8);
  });
});
