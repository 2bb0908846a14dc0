import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeUni } from "./fakeUni";

describe("who may come in", () => {
  let phone: ReturnType<typeof fakeUni>;
  beforeEach(() => {
    vi.resetModules();
    phone = fakeUni();
    document.head.innerHTML = "";
  });

  it("nobody outside WeChat, and nothing is sent", async () => {
    const { get } = await import("@/api/client");
    const { session } = await import("@/api/session");
    await expect(get("/api/me")).rejects.toThrow();
    expect(session.gate).toBe("not_in_wechat");
    expect(phone.sent).toEqual([]);
  });

  it("nobody who left, until they ask to come back", async () => {
    const { leave, comeBack, session, bearer } = await import("@/api/session");
    leave();
    expect(session.gate).toBe("signed_out");
    await expect(bearer()).rejects.toMatchObject({ code: "signed_out" });
    vi.resetModules();
    const restarted = await import("@/api/session");
    expect(restarted.session.gate).toBe("signed_out");
    comeBack();
    expect(session.gate).toBe("open");
  });
});
