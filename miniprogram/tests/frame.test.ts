import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askParent } from "@/platform/frame";
import { Cancelled, NotInWeChat } from "@/platform/types";

const ORIGIN = "http://127.0.0.1:8601";

describe("asking the page around the frame", () => {
  const parent = { postMessage: vi.fn() };

  beforeEach(() => {
    document.head.innerHTML = `<meta name="demo-frame-origin" content="${ORIGIN}">`;
    vi.spyOn(window, "parent", "get").mockReturnValue(parent as unknown as Window);
    parent.postMessage.mockReset();
  });
  afterEach(() => void vi.restoreAllMocks());

  const answer = (data: object, from: { origin?: string; source?: unknown } = {}) =>
    window.dispatchEvent(Object.assign(new Event("message"), { origin: ORIGIN, source: parent, data, ...from }));
  const asked = () => parent.postMessage.mock.calls.at(-1)![0] as { id: number };

  it("asks only the origin the server named, and hears its answer", async () => {
    const code = askParent<{ code: string }>("login");
    expect(parent.postMessage).toHaveBeenCalledWith(
      { source: "linshitong", id: asked().id, method: "login", params: {} },
      ORIGIN,
    );
    answer({ source: "wechat", id: asked().id, result: { code: "demo-lixiuying" } });
    await expect(code).resolves.toEqual({ code: "demo-lixiuying" });
  });

  it("believes nobody else", async () => {
    const code = askParent<{ code: string }>("login");
    const { id } = asked();
    answer({ source: "wechat", id, result: { code: "forged" } }, { origin: "https://evil.example" });
    answer({ source: "wechat", id, result: { code: "forged" } }, { source: window });
    answer({ source: "wechat", id: id + 1, result: { code: "of another question" } });
    answer({ source: "wechat", id, result: { code: "true" } });
    await expect(code).resolves.toEqual({ code: "true" });
  });

  it("takes a refusal for a refusal", async () => {
    const phone = askParent("phoneCode");
    answer({ source: "wechat", id: asked().id, error: "getPhoneNumber:fail user deny" });
    await expect(phone).rejects.toBeInstanceOf(Cancelled);
  });

  it("asks nobody in production", async () => {
    document.head.innerHTML = "";
    await expect(askParent("login")).rejects.toBeInstanceOf(NotInWeChat);
    expect(parent.postMessage).not.toHaveBeenCalled();
  });
});
