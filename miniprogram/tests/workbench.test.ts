import { describe, expect, it } from "vitest";
import type { Grant, RequestView, RoleCode, TimelineEvent } from "@/api/types";
import { barActions, happened, mainAction, STAFF_ACTIONS, staffActions, wordsOf } from "@/domain/actions";
import { mayRevoke, offers, termEnd } from "@/domain/appointing";
import { queuesFor, widest } from "@/domain/queues";
import { timeLeft } from "@/domain/timeleft";
import en from "@/locales/workbench/en.json";
import zh from "@/locales/workbench/zh-CN.json";

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
    expect(queuesFor([grant("handler", { unit: UNIT })])).toEqual(["mine", "unit", "tasks"]);
    expect(queuesFor([lead])).toEqual(["unit", "mine", "tasks", "decide"]);
    expect(queuesFor([dispatcher])).toEqual(["dispatch", "decide", "all"]);
    expect(queuesFor([grant("supervisor")])).toEqual(["decide", "all"]);
  });

  it("several roles share their queues without doubles", () => {
    expect(queuesFor([dispatcher, grant("handler", { unit: UNIT }), lead])).toEqual(["unit", "mine", "tasks", "decide", "dispatch", "all"]);
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

  it("takes a sub-task back where it stands, not from the bar", () => {
    expect(barActions(["cancel-task", "open-task"])).toEqual(["open-task"]);
  });

  it("never lays what ends or turns a matter under the thumb", () => {
    expect(mainAction(["accept", "dispute", "not-accept"], "submitted")).toBe("accept");
    expect(mainAction(["merge", "not-accept"], "submitted")).toBeNull();
    expect(mainAction(["start"], "awaiting_resident")).toBeNull();
    expect(mainAction(["open-task", "ask"], "in_progress")).toBeNull();
  });

  it("goes under other words where it means another thing", () => {
    expect(wordsOf("start", "accepted")).toBe("start");
    expect(wordsOf("start", "awaiting_resident")).toBe("go-on");
    expect(wordsOf("start", "contested")).toBe("redo");
    expect(wordsOf("reply", "supervised")).toBe("conclude");
  });

  it("each has its words in both languages: what it does, to whom it is shown", () => {
    const words = [...STAFF_ACTIONS, "go-on", "redo", "conclude"];
    for (const catalogue of [zh, en])
      for (const action of words)
        expect(Object.keys(catalogue.action[action as "accept"]).sort(), action).toEqual(["done", "explain", "name", "send", "short", "title"]);
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
    expect(offers([admin])).toHaveLength(8);
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
