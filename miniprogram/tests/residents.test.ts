import { describe, expect, it } from "vitest";
import type { Mandate, Material, Notice, RequestView, TimelineEvent } from "@/api/types";
import { inOrder, mayStillSubmit, minutesLeft, mobileIn } from "@/domain/consents";
import { pageOf } from "@/domain/notices";
import { bodyOf, lackingIn, phoneIn, remindedToday, stillMissing, supplyOf, wordsOf, type Given } from "@/domain/residents";
import { detailOf, movedTo, unitOf } from "@/domain/timeline";

const NOW = Date.parse("2026-11-23T10:00:00+08:00");

const request = (state: RequestView["state"], ...kinds: [kind: string, at: string][]): RequestView =>
  ({ state, timeline: kinds.map(([kind, at], seq) => ({ kind, at, seq })) }) as unknown as RequestView;

describe("contesting", () => {
  it("is worded by what it is against, and by which time it is", () => {
    expect(wordsOf("contest", request("replied"))).toBe("contest");
    expect(wordsOf("contest", request("replied", ["contested", "2026-11-01T10:00:00+08:00"]))).toBe("contest_again");
    expect(wordsOf("contest", request("deferred"))).toBe("contest_deferral");
    expect(wordsOf("contest", request("merged"))).toBe("contest_merging");
    expect(wordsOf("remind", request("merged"))).toBe("remind");
  });

  it("is sent with its words and photos, and what may be left out is left out", () => {
    expect(bodyOf("contest", " 还是不亮 ", ["p1"])).toEqual({ reason: "还是不亮", attachment_ids: ["p1"] });
    expect(bodyOf("came-back", "又坏了", [])).toEqual({ text: "又坏了", attachment_ids: [] });
    expect(bodyOf("withdraw", "  ", [])).toEqual({});
    expect(bodyOf("confirm", "", [])).toEqual({});
    expect(bodyOf("rate", "好", [])).toEqual({ comment: "好" });
  });
});

describe("reminding", () => {
  it("is done once in a day of the county", () => {
    expect(remindedToday(request("assigned", ["reminded", "2026-11-22T16:30:00Z"]), NOW)).toBe(true);
    expect(remindedToday(request("assigned", ["reminded", "2026-11-22T15:30:00Z"]), NOW)).toBe(false);
    expect(remindedToday(request("assigned", ["asked", "2026-11-23T09:00:00+08:00"]), NOW)).toBe(false);
  });
});

describe("a number to call", () => {
  it.each([
    ["县医保局 0857-6222333，找小王", "0857-6222333"],
    ["手机 13885700004", "13885700004"],
    ["打 12345", "12345"],
    ["报警110", "110"],
    ["政务大厅 2 楼 3 号窗口", ""],
    ["520526001001", ""],
    ["", ""],
  ])("%s", (text, phone) => expect(phoneIn(text)).toBe(phone));
});

describe("the list of what is missing", () => {
  const material = (kind: Material["kind"], state: Material["state"] = "missing") =>
    ({ id: "m1", kind, state, label: "户口本" }) as Material;
  const given = (changes: Partial<Given>): Given => ({ way: "give", text: "", photoIds: [], reuse: "", consents: false, ...changes });

  it("asks for what its way needs", () => {
    expect(lackingIn(material("text"), given({}))).toBe("request.material.missing.text");
    expect(lackingIn(material("photo"), given({ text: "在这里" }))).toBe("request.material.missing.photo");
    expect(lackingIn(material("photo"), given({ photoIds: ["p"] }))).toBe("");
    expect(lackingIn(material("photo"), given({ way: "cannot" }))).toBe("request.material.missing.why");
    expect(lackingIn(material("photo"), given({ way: "cannot", text: "丢了" }))).toBe("");
    expect(lackingIn(material("text"), given({ way: "reuse" }))).toBe("request.material.missing.reuse");
    expect(lackingIn(material("text"), given({ way: "reuse", reuse: "m0" }))).toBe("request.material.missing.consent");
    expect(lackingIn(material("text"), given({ way: "reuse", reuse: "m0", consents: true }))).toBe("");
  });

  it("sends only what belongs to the way chosen", () => {
    const all = { text: " 丢了 ", photoIds: ["p"], reuse: "m0", consents: true };
    const item = material("photo");
    expect(supplyOf(item, given(all))).toEqual({ material_id: "m1", attachment_ids: ["p"], text: "丢了" });
    expect(supplyOf(item, given({ ...all, way: "reuse" }))).toEqual({ material_id: "m1", attachment_ids: [], reuse_of: "m0" });
    expect(supplyOf(item, given({ ...all, way: "cannot" }))).toEqual({
      material_id: "m1",
      attachment_ids: [],
      unavailable: true,
      text: "丢了",
    });
  });

  it("knows what is left", () => {
    const items = [material("text"), material("text", "supplied"), material("text", "unavailable")];
    expect(stillMissing(items)).toEqual([items[0]]);
  });
});

describe("acting for somebody", () => {
  const mandate = (state: Mandate["state"], created_at: string, scopes: Mandate["scopes"] = ["submit", "act"]) =>
    ({ state, created_at, scopes }) as Mandate;

  it("shows what waits first, then what is in force, then what has ended", () => {
    const items = [mandate("revoked", "2026-11-03"), mandate("active", "2026-11-01"), mandate("expired", "2026-11-02"), mandate("asked", "2026-10-01")];
    expect(inOrder(items).map(({ state }) => state)).toEqual(["asked", "active", "revoked", "expired"]);
  });
  it("needs a consent in force for submitting", () => {
    expect(mayStillSubmit(mandate("active", ""))).toBe(true);
    expect(mayStillSubmit(mandate("active", "", ["act"]))).toBe(false);
    expect(mayStillSubmit(mandate("asked", ""))).toBe(false);
  });
  it("counts a code's whole minutes", () => {
    expect(minutesLeft("2026-11-23T10:10:30+08:00", NOW)).toBe(10);
    expect(minutesLeft("2026-11-23T10:00:10+08:00", NOW)).toBe(1);
    expect(minutesLeft("2026-11-23T10:00:00+08:00", NOW)).toBe(0);
  });
  it("takes a mobile number however it is typed", () => {
    expect(mobileIn("138 8570-0001")).toBe("13885700001");
    expect(mobileIn("0857 6222333")).toBe("");
  });
});

describe("an event", () => {
  const event = (kind: string, data: object = {}, unit: object | null = { id: "u", name: "综治中心" }) =>
    ({ kind, data, unit }) as unknown as TimelineEvent;

  it("names to whom something was given, and which thing the resident gave", () => {
    expect(detailOf(event("assigned", { handler_name: "陈伟" }))).toEqual({ key: "timeline.given_to", name: "陈伟" });
    expect(detailOf(event("task_opened", { unit_name: "司法所" }))).toEqual({ key: "timeline.given_to", name: "司法所" });
    expect(detailOf(event("disputed", { unit_name: "住建局" }))).toEqual({ key: "timeline.thinks", name: "住建局" });
    expect(detailOf(event("supplied", { label: "户口本", material: "unavailable" }))?.key).toBe("timeline.cannot_give");
    expect(detailOf(event("supplied", { label: "户口本", material: "supplied" }))?.key).toBe("timeline.gave");
    expect(detailOf(event("replied"))).toBeNull();
  });
  it("is done by the unit that was asked for help, not by the one that asked", () => {
    expect(unitOf(event("task_answered", { unit_name: "司法所" }))).toBe("司法所");
    expect(unitOf(event("task_opened", { unit_name: "司法所" }))).toBe("综治中心");
    expect(unitOf(event("submitted", {}, null))).toBeUndefined();
  });
  it("moves a deadline, or the day on which work goes on", () => {
    expect(movedTo(event("deadline_moved", { due_to: "2027-01-04T15:59:59Z" }))).toBe("2027-01-04T15:59:59Z");
    expect(movedTo(event("deferred", { until_on: "2027-03-01" }))).toBe("2027-03-01T00:00:00+08:00");
    expect(movedTo(event("replied"))).toBeNull();
  });
});

describe("a notice", () => {
  const about = (kind: string, as: string) => pageOf({ subject: { kind, as, id: "x" } } as Notice);
  it("leads to where its reader deals with it", () => {
    expect(about("service_request", "requester")).toBe("/pages/request/request?id=x");
    expect(about("service_request", "staff")).toBe("/pages-workbench/detail/detail?id=x");
    expect(about("service_request", "follower")).toBe("/pages-more/neighbour/neighbour?id=x");
    expect(about("mandate", "requester")).toBe("/pages-more/acting/acting");
    expect(about("consultation", "requester")).toBe("/pages-legal/booking/booking?id=x");
    expect(about("consultation", "staff")).toBe("/pages-adviser/meeting/meeting?id=x");
    expect(about("question", "requester")).toBe("/pages-legal/question/question?id=x");
    expect(about("booking", "requester")).toBe("/pages-legal/bookings/bookings");
    expect(about("case", "staff")).toBe("/pages-adviser/case/case?id=x");
    expect(about("signup", "requester")).toBe("/pages-volunteer/shift/shift?id=x");
    expect(about("shift", "staff")).toBe("/pages-organiser/roster/roster?id=x");
    expect(pageOf({ subject: null } as Notice)).toBe("");
  });
});
