import { describe, expect, it } from "vitest";
import type { Grant, RequestView, RoleCode, TimelineEvent } from "@/api/types";
import { bodyOf, emptyForm, happened, missing, staffActions } from "@/domain/actions";
import { mayRevoke, offers, termEnd } from "@/domain/appointing";
import { queuesFor, widest } from "@/domain/queues";
import { timeLeft } from "@/domain/timeleft";

const NOW = Date.parse("2026-11-23T10:00:00+08:00");
const UNIT = { id: "u1", name: "综合执法" };

const grant = (role: RoleCode, place: Partial<Grant> = {}): Grant => ({
  id: role,
  role,
  unit: null,
  area: null,
  valid_until: null,
  ...place,
});
const lead = grant("unit_lead", { unit: UNIT });
const dispatcher = grant("dispatcher", { area: { code: "520526", name: "威宁县" } });
const admin = grant("admin", { area: { code: "520526", name: "威宁县" } });

const view = (changes: Partial<RequestView>): RequestView =>
  ({
    state: "accepted",
    actions: ["assign", "start"],
    area: { code: "520526001001", full_name: "海边街道 大洼塘社区" },
    lead_unit: { ...UNIT, phone: null },
    timeline: [],
    ...changes,
  }) as RequestView;

describe("time left", () => {
  const at = (due: string, state: RequestView["state"] = "in_progress") => timeLeft({ state, due_at: due }, NOW);

  it.each([
    ["2026-11-23T10:25:30+08:00", "left_minutes", 25, "soon"],
    ["2026-11-23T13:10:00+08:00", "left_hours", 3, "soon"],
    ["2026-11-25T09:00:00+08:00", "left_hours", 47, "calm"],
    ["2026-11-26T10:00:00+08:00", "left_days", 3, "calm"],
    ["2026-11-23T09:59:40+08:00", "late_minutes", 1, "late"],
    ["2026-11-23T07:30:00+08:00", "late_hours", 2, "late"],
    ["2026-11-21T09:00:00+08:00", "late_days", 2, "late"],
  ])("is said in the unit one thinks in: %s", (due, key, n, tone) => {
    expect(at(due)).toEqual({ key: `workbench.left.${key}`, params: { n }, tone });
  });

  it("is never late while the resident's turn lasts", () => {
    expect(at("2026-11-20T10:00:00+08:00", "awaiting_resident")?.tone).toBe("calm");
    expect(at("2026-11-20T10:00:00+08:00", "replied")?.key).toBe("workbench.left.replied");
  });

  it("is nothing once a request is closed or has no deadline", () => {
    expect(at("2026-11-20T10:00:00+08:00", "confirmed")).toBeNull();
    expect(timeLeft({ state: "in_progress", due_at: null }, NOW)).toBeNull();
  });
});

describe("queues", () => {
  it("a handler begins with their own, a lead with the unit's, a dispatcher with what has no unit", () => {
    expect(queuesFor([grant("handler", { unit: UNIT })])).toEqual(["mine", "unit"]);
    expect(queuesFor([lead])).toEqual(["unit", "mine"]);
    expect(queuesFor([dispatcher])).toEqual(["dispatch", "all"]);
    expect(queuesFor([grant("supervisor")])).toEqual(["all"]);
  });

  it("several roles share their queues without doubles", () => {
    expect(queuesFor([dispatcher, grant("handler", { unit: UNIT }), lead])).toEqual(["unit", "mine", "dispatch", "all"]);
  });

  it("roles without requests have none", () => {
    expect(queuesFor([admin, grant("grid_worker")])).toEqual([]);
    expect(widest([])).toBeUndefined();
  });

  it("the widest holds all others", () => {
    expect(widest(["mine", "unit"])).toBe("unit");
    expect(widest(["unit", "mine", "dispatch", "all"])).toBe("all");
  });
});

describe("actions", () => {
  it("shows only what the server offers to staff, the likeliest first", () => {
    expect(staffActions(["not-accept", "accept"])).toEqual(["accept", "not-accept"]);
    expect(staffActions(["assign", "start", "ask", "reply", "confirm", "withdraw"])).toEqual(["start", "reply", "assign", "ask"]);
  });

  it("asks for everything an action needs, and blanks are nothing", () => {
    const form = { ...emptyForm(), reason: "  " };
    expect(Object.keys(missing("not-accept", form))).toEqual(["reason", "where_to_go"]);
    expect(Object.keys(missing("ask", form))).toEqual(["list"]);
    expect(Object.keys(missing("assign", form))).toEqual(["unit"]);
    expect(Object.keys(missing("assign", { ...form, mode: "member" }))).toEqual(["member"]);
    expect(Object.keys(missing("reply", form, true))).toEqual(["outcome", "reply", "photos"]);
    expect(missing("accept", form)).toEqual({});
    expect(missing("start", form)).toEqual({});
  });

  it("sends what the API takes, trimmed", () => {
    const form = { ...emptyForm(), unit: { id: "u2", name: "水务" }, note: " 请尽快 ", outcome: "fixed" as const, reply: " 修好了 " };
    expect(bodyOf("assign", form, [])).toEqual({ unit_id: "u2", note: "请尽快" });
    expect(bodyOf("assign", { ...form, mode: "member", member: { id: "p1", name: "陈伟" }, note: "" }, [])).toEqual({ handler_id: "p1" });
    expect(bodyOf("reply", form, ["a1"])).toEqual({ outcome: "fixed", text: "修好了", attachment_ids: ["a1"] });
    expect(bodyOf("accept", form, ["a1"])).toEqual({});
  });

  it("tells what happened between two looks", () => {
    const event = (seq: number) => ({ seq, kind: "accepted" }) as TimelineEvent;
    const before = view({ timeline: [event(1)] });
    expect(happened(before, view({ timeline: [event(1), event(2), event(3)] })).map((each) => each.seq)).toEqual([2, 3]);
    expect(happened(before, before)).toEqual([]);
  });
});

describe("appointing", () => {
  it("a lead offers handlers of their unit, an admin every role, others none", () => {
    expect(offers([lead])).toEqual(["handler"]);
    expect(offers([admin])).toHaveLength(6);
    expect(offers([dispatcher, grant("handler", { unit: UNIT })])).toEqual([]);
  });

  it("a lead takes back their own unit's handlers only", () => {
    expect(mayRevoke([lead], "u1", "handler")).toBe(true);
    expect(mayRevoke([lead], "u1", "unit_lead")).toBe(false);
    expect(mayRevoke([lead], "u2", "handler")).toBe(false);
    expect(mayRevoke([admin], "u2", "unit_lead")).toBe(true);
  });

  it("a term ends with its last day in the county, wherever the phone is", () => {
    expect(termEnd("open", "", NOW)).toBeUndefined();
    expect(termEnd("until", "2027-06-30", NOW)).toBe("2027-06-30T23:59:59+08:00");
    expect(termEnd("year", "", NOW)).toBe("2027-11-22T23:59:59+08:00");
    expect(termEnd("year", "", Date.parse("2026-11-23T23:30:00Z"))).toBe("2027-11-23T23:59:59+08:00");
  });
});

describe("words", () => {
  const keys = (value: unknown, path = ""): string[] =>
    typeof value === "string"
      ? [path]
      : Object.entries(value as object).flatMap(([name, child]) => keys(child, `${path}/${name}`));

  it("both languages say the same things", async () => {
    const [zh, en] = await Promise.all([
      import("@/locales/workbench/zh-CN.json"),
      import("@/locales/workbench/en.json"),
    ]);
    expect(keys(en.default).sort()).toEqual(keys(zh.default).sort());
  });
});
