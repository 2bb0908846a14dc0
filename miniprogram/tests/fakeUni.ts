/** A stand-in for the phone: storage in memory, and a server the test scripts answer by answer. */
import { vi } from "vitest";

export interface Sent {
  url: string;
  method: string;
  data: unknown;
  header: Record<string, string>;
}

export type Reply = { statusCode: number; data?: unknown; header?: Record<string, string> } | { errMsg: string };

export function fakeUni() {
  const storage = new Map<string, string>();
  const sent: Sent[] = [];
  let answer: (request: Sent) => Reply = () => ({ statusCode: 204 });

  vi.stubGlobal("uni", {
    getStorageSync: (key: string) => storage.get(key) ?? "",
    setStorageSync: (key: string, value: string) => storage.set(key, value),
    removeStorageSync: (key: string) => storage.delete(key),
    request(options: Sent & { success: (reply: object) => void; fail: (error: object) => void }) {
      sent.push({ url: options.url, method: options.method, data: options.data, header: options.header });
      const reply = answer(sent.at(-1)!);
      queueMicrotask(() => ("errMsg" in reply ? options.fail(reply) : options.success({ header: {}, ...reply })));
    },
  });

  return {
    storage,
    sent,
    answers(by: (request: Sent) => Reply) {
      answer = by;
    },
  };
}
