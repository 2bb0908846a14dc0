import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Signup } from "@/api/volunteering";
import { daysOf, durationOf, isMinor, placesOf, remedyOf, standingOf, waysOf } from "@/domain/volunteering";
import { fakeUni } from "./fakeUni";

/** 2026-11-24 10:00 in the county. */
const NOW = Date.parse("2026-11-24T10:00:00+08:00");
const shift = (from: string, to: string) => ({ starts_at: `2026-11-24T${from}:00+08:00`, ends_at: `2026-11-24T${to}:00+08:00` });
const signup = (changes: object = {}): Signup =>
  ({
    id: "s1", state: "confirmed", position: null, offer_until: null, asked: false, in_at: null, out_at: null,
    minutes: null, class: null, to_confirm: false, actions: [], shift: { id: "h1", note: null, beat: [], ...shift("14:00", "16:00") },
    activity: { id: "a1", title: "扫雪", place: "村口", contact: { name: "李", phone: "1" } }, ...changes,
  }) as unknown as Signup;

describe("how a sign-up stands", () => {
  const at = (changes: object) => standingOf(signup(changes), NOW);

  it("is its state before the shift", () => {
    expect(at({ state: "applied" })).toBe("applied");
    expect(at({ state: "waiting", position: 2 })).toBe("waiting");
    expect(at({ state: "lapsed" })).toBe("lapsed");
    expect(at({})).toBe("coming");
    expect(at({ asked: true })).toBe("asked");
  });

  it("follows who came and who went, during the shift and after it", () => {
    const running = shift("09:00", "11:00");
    const past = shift("07:00", "09:00");
    const came = "2026-11-24T09:01:00+08:00";
    expect(at({ shift: running })).toBe("begun");
    expect(at({ shift: running, in_at: came })).toBe("present");
    expect(at({ shift: past })).toBe("absent");
    expect(at({ shift: past, to_confirm: true })).toBe("absent");
    expect(at({ shift: past, in_at: came, to_confirm: true })).toBe("to_confirm");
    expect(at({ shift: past, in_at: came })).toBe("uncounted");
    expect(at({ shift: past, in_at: came, minutes: 0 })).toBe("counted");
  });
});

describe("coming and going", () => {
  const { starts_at } = shift("11:00", "13:00");
  const ways = (changes: object, waiting: ("in" | "out")[] = [], reached = true) =>
    waysOf({ ...signup(changes), starts_at }, waiting, reached, NOW);

  it("is offered as the server offers it", () => {
    expect(ways({ actions: ["check_in", "cancel"] })).toEqual(["in"]);
    expect(ways({ actions: ["check_out"], in_at: "x" })).toEqual(["out"]);
    expect(ways({})).toEqual([]);
  });
  it("is not offered hours before anybody is there", () => {
    const at = (hour: string) => waysOf({ ...signup({ actions: ["check_in"] }), ...shift(hour, "20:00") }, [], true, NOW);
    expect(at("12:00")).toEqual(["in"]);
    expect(at("12:01")).toEqual([]);
  });
  it("goes on from what is still on the phone", () => {
    expect(ways({ actions: ["check_in"] }, ["in"])).toEqual(["out"]);
    expect(ways({ actions: ["check_in"] }, ["in", "out"])).toEqual([]);
  });
  it("is possible without network for whoever has a place", () => {
    expect(ways({}, [], false)).toEqual(["in"]);
    expect(ways({ in_at: "x" }, [], false)).toEqual(["out"]);
    expect(ways({ in_at: "x", out_at: "y" }, [], false)).toEqual([]);
    expect(ways({ state: "waiting" }, [], false)).toEqual([]);
  });
});

describe("words", () => {
  it("count time in hours and minutes", () => {
    expect(durationOf(0)).toEqual({ key: "volunteer.duration.minutes", params: { minutes: 0 } });
    expect(durationOf(120)).toMatchObject({ key: "volunteer.duration.hours", params: { hours: 2 } });
    expect(durationOf(95)).toEqual({ key: "volunteer.duration.both", params: { hours: 1, minutes: 35 } });
  });
  it("tell the places left", () => {
    expect(placesOf(3)).toEqual({ key: "volunteer.places.left", params: { n: 3 } });
    expect(placesOf(0).key).toBe("volunteer.places.full");
  });
  it("know ranges of days, ages, and what helps", () => {
    expect(daysOf("any", NOW)).toEqual({ from: "2026-11-24", to: "2027-02-23" });
    expect(daysOf("today", NOW)).toEqual({ from: "2026-11-24", to: "2026-11-24" });
    expect(daysOf("week", NOW).to).toBe("2026-11-30");
    expect(isMinor("2008-11-25", "2026-11-24")).toBe(true);
    expect(isMinor("2008-11-24", "2026-11-24")).toBe(false);
    expect(remedyOf("skills_missing")).toBe("profile");
    expect(remedyOf("volunteer_name_needed")).toBe("name");
    expect(remedyOf("too_young")).toBeNull();
  });
});

const CODE = "LST1.0123.58.c2ln";

describe("a scan without network", () => {
  let phone: ReturnType<typeof fakeUni>;
  const load = async () => {
    vi.resetModules();
    const scans = await import("@/stores/scans");
    const { me } = await import("@/stores/me");
    me.value = { id: "p1" } as never;
    return scans;
  };
  beforeEach(() => {
    phone = fakeUni();
    phone.storage.set("linshitong:token", JSON.stringify("t"));
  });
  const offline = () => phone.answers(() => ({ errMsg: "request:fail" }));
  const bodies = () => phone.sent.filter(({ url }) => url.includes("check-")).map(({ url, data, header }) => ({ url, data, key: header["Idempotency-Key"] }));

  it("is kept with its key, and sent later as kept, also after a restart", async () => {
    offline();
    const first = await load();
    expect(await first.attend("p1", "s1", "in", CODE)).toBe("kept");
    const again = await load();
    await again.sendScans();
    phone.answers(() => ({ statusCode: 200, data: signup() }));
    const last = await load();
    expect(last.scansOf("s1")).toHaveLength(1);
    await last.sendScans();
    expect(last.scansOf("s1")).toEqual([]);
    const [live, tried, sent] = bodies();
    expect(live!.data).toEqual({ code: CODE, kept: false });
    expect(sent).toEqual(tried);
    expect(sent).toMatchObject({ url: "/api/signups/s1/check-in", data: { code: CODE, kept: true } });
    expect(sent!.key).not.toBe(live!.key);
  });

  it("is not kept where digits were typed: they are worth nothing later", async () => {
    offline();
    const scans = await load();
    await expect(scans.attend("p1", "s1", "in", "123456")).rejects.toMatchObject({ code: "offline" });
    expect(scans.scans).toEqual([]);
  });

  it("that the server heard is not kept, whatever it answers", async () => {
    const scans = await load();
    expect(await scans.attend("p1", "s1", "in", CODE)).toBe("sent");
    phone.answers(() => ({ statusCode: 409, data: { code: "shift_code_old", title: "旧了" } }));
    await expect(scans.attend("p1", "s1", "in", CODE)).rejects.toMatchObject({ code: "shift_code_old" });
    expect(scans.scans).toEqual([]);
  });

  it("stays with the reason when it is refused, unless the first try had arrived", async () => {
    offline();
    const scans = await load();
    await scans.attend("p1", "s1", "in", "LST1.a");
    await scans.attend("p1", "s1", "out", "LST1.b");
    phone.answers(({ method }) =>
      method === "GET"
        ? { statusCode: 200, data: signup({ in_at: "2026-11-24T09:01:00+08:00" }) }
        : { statusCode: 422, data: { code: "shift_code_wrong", detail: "码不对" } },
    );
    await scans.sendScans();
    expect(scans.scans.map(({ way, refusal }) => [way, refusal])).toEqual([["out", "码不对"]]);
    const tries = phone.sent.length;
    await scans.sendScans();
    expect(phone.sent).toHaveLength(tries);
    scans.drop("s1", "out");
    expect(scans.scans).toEqual([]);
  });

  it("is sent in nobody else's name", async () => {
    offline();
    const scans = await load();
    await scans.attend("p2", "s1", "in", "LST1.a");
    phone.answers(() => ({ statusCode: 200, data: signup() }));
    const before = phone.sent.length;
    await scans.sendScans();
    expect(phone.sent).toHaveLength(before);
    scans.forgetScans("p2");
    expect(scans.scans).toEqual([]);
  });

  it("can be made of a shift the phone remembers, which says no address and no number", async () => {
    vi.resetModules();
    const coming = await import("@/stores/coming");
    coming.remember("p1", [signup({ address: "三组 5 号" }), signup({ id: "s2", state: "waiting" })]);
    expect(coming.holder()).toBe("p1");
    expect(coming.remembered()).toEqual([{ id: "s1", title: "扫雪", ...shift("14:00", "16:00"), in_at: null, out_at: null }]);
    expect([...phone.storage.values()].join()).not.toMatch(/三组|李/);
    coming.forgetComing("p1");
    expect(coming.remembered()).toEqual([]);
  });
});
