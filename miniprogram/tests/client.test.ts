import { beforeEach, describe, expect, it, vi } from "vitest";
import { Intent } from "@/api/intent";
import { fakeUni, type Sent } from "./fakeUni";

const CODES = ["code-1", "code-2"];

async function loaded() {
  vi.resetModules();
  const phone = fakeUni();
  vi.doMock("@/platform", async (original) => {
    const codes = [...CODES];
    return { ...(await original<object>()), platform: { login: async () => codes.shift() } };
  });
  return { phone, client: await import("@/api/client") };
}

const signIn = (request: Sent) =>
  request.url.endsWith("/api/sessions")
    ? { statusCode: 201, data: { token: `token-of-${(request.data as { code: string }).code}`, person: { language: "zh-CN" } } }
    : null;

describe("the client", () => {
  let phone: Awaited<ReturnType<typeof loaded>>["phone"];
  let client: Awaited<ReturnType<typeof loaded>>["client"];
  beforeEach(async () => {
    ({ phone, client } = await loaded());
  });

  it("signs in before the first call, and once for calls made together", async () => {
    phone.answers((request) => signIn(request) ?? { statusCode: 200, data: { count: 0 } });
    await Promise.all([client.get("/api/a"), client.get("/api/b")]);
    expect(phone.sent.filter(({ url }) => url === "/api/sessions")).toHaveLength(1);
    expect(phone.sent.at(-1)!.header).toMatchObject({
      Authorization: "Bearer token-of-code-1",
      "Accept-Language": "zh-CN",
    });
  });

  it("signs in anew when the token is refused, and repeats the same wish once", async () => {
    phone.answers(
      (request) =>
        signIn(request) ??
        (request.header.Authorization === "Bearer token-of-code-2"
          ? { statusCode: 201, data: { id: "r1" } }
          : { statusCode: 401, data: { code: "unauthenticated", detail: "请重新登录" } }),
    );
    await expect(client.act(new Intent(), "/api/requests", { a: 1 })).resolves.toEqual({ id: "r1" });
    const keys = phone.sent.filter(({ url }) => url === "/api/requests").map(({ header }) => header["Idempotency-Key"]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("gives up after one renewal", async () => {
    phone.answers((request) => signIn(request) ?? { statusCode: 401, data: { code: "unauthenticated", detail: "请重新登录" } });
    await expect(client.get("/api/me")).rejects.toMatchObject({ status: 401, sentence: "请重新登录" });
    expect(phone.sent.filter(({ url }) => url === "/api/me")).toHaveLength(2);
  });

  it("keeps the key of a wish that failed, so a retry cannot do it twice", async () => {
    let online = false;
    phone.answers((request) => signIn(request) ?? (online ? { statusCode: 201, data: {} } : { errMsg: "request:fail timeout" }));
    const intent = new Intent();
    await expect(client.act(intent, "/api/requests", { a: 1 })).rejects.toMatchObject({ code: "timeout" });
    online = true;
    await client.act(intent, "/api/requests", { a: 1 });
    await client.act(intent, "/api/requests", { a: 1 });
    const keys = phone.sent.filter(({ url }) => url === "/api/requests").map(({ header }) => header["Idempotency-Key"]);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[1]);
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  });

  it("reads again only when something changed", async () => {
    phone.answers(
      (request) =>
        signIn(request) ??
        (request.header["If-None-Match"] === '"7"'
          ? { statusCode: 304, data: "" }
          : { statusCode: 200, data: { state: "submitted" }, header: { ETag: '"7"' } }),
    );
    const watched = new client.Watched<{ state: string }>("/api/requests/r1");
    expect(await watched.read()).toEqual({ body: { state: "submitted" }, changed: true });
    expect(await watched.read()).toEqual({ body: { state: "submitted" }, changed: false });
  });
});

describe("what is asked for", () => {
  const asked = async (read: () => Promise<unknown>, phone: Awaited<ReturnType<typeof loaded>>["phone"]) => {
    await read();
    return phone.sent.at(-1)!;
  };

  it("leaves out what was not chosen, and sends several states as one parameter", async () => {
    const { phone } = await loaded();
    phone.answers((request) => signIn(request) ?? { statusCode: 200, data: { items: [], next_cursor: null } });
    const { workbench } = await import("@/api/workbench");
    const { requests } = await import("@/api/endpoints");
    const all = await asked(() => workbench.page({ queue: "unit", states: [], category: "", overdue: false }), phone);
    expect(all.url).toBe("/api/workbench/requests?queue=unit");
    const some = await asked(() => workbench.page({ queue: "all", states: ["accepted", "assigned"], due_today: true }), phone);
    expect(some.url).toBe("/api/workbench/requests?queue=all&state=accepted%2Cassigned&due_today=true");
    const mine = await asked(() => requests.mine({ view: "needs_me", q: "" }), phone);
    expect(mine.url).toBe("/api/requests?view=needs_me");
  });

  it("changes the person by methods WeChat knows", async () => {
    const { phone } = await loaded();
    phone.answers((request) => signIn(request) ?? { statusCode: 200, data: {} });
    const { people } = await import("@/api/endpoints");
    const sent = await asked(() => people.change({ language: "en" }), phone);
    expect(sent).toMatchObject({ method: "PUT", url: "/api/me", data: { language: "en" } });
  });
});

describe("a wish", () => {
  it("is another wish when its content changed", () => {
    const intent = new Intent();
    const first = intent.keyFor({ text: "灯不亮" });
    expect(intent.keyFor({ text: "灯不亮" })).toBe(first);
    expect(intent.keyFor({ text: "灯还是不亮" })).not.toBe(first);
  });

  it("survives a restart of the app", () => {
    const before = new Intent();
    const key = before.keyFor({ a: 1 });
    expect(new Intent(before.snapshot()).keyFor({ a: 1 })).toBe(key);
  });
});
