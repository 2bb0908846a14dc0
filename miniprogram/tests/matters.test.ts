import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Attachment } from "@/api/types";
import { BOOKING_LOOKS, checkInCode, isStanding } from "@/domain/bookings";
import { fakeUni } from "./fakeUni";

let matters: typeof import("@/stores/matters");
beforeEach(async () => {
  vi.resetModules();
  fakeUni();
  matters = await import("@/stores/matters");
});

describe("what is written for an adviser", () => {
  it("is there again after a time ran out, a meeting apart from a question", () => {
    const { draft } = matters.openMeeting("lixiuying");
    Object.assign(draft, { bookingId: "b1", topic: "debt", facts: "借了三万不还" });
    expect(matters.openMeeting("lixiuying").draft).toMatchObject({ bookingId: "b1", facts: "借了三万不还" });
    expect(matters.openQuestion("lixiuying").draft.facts).toBe("");
    expect(matters.openMeeting("wangdafu").draft.facts).toBe("");
  });

  it("leaves nothing on the phone once the account is closed", () => {
    matters.openMeeting("lixiuying").draft.facts = "借了三万不还";
    matters.openQuestion("lixiuying").draft.facts = "地界";
    matters.forgetMatters("lixiuying");
    expect(matters.hasWords(matters.openMeeting("lixiuying").draft)).toBe(false);
    expect(matters.hasWords(matters.openQuestion("lixiuying").draft)).toBe(false);
  });

  it("names what is missing", () => {
    const { draft } = matters.openMeeting("lixiuying");
    expect(Object.keys(matters.lackingIn(draft, "/facts"))).toEqual(["/topic", "/facts"]);
    Object.assign(draft, { topic: "debt", facts: " " });
    expect(Object.keys(matters.lackingIn(draft, "/text"))).toEqual(["/text"]);
  });

  it("is sent without empty names and without a day that was not said", () => {
    const { draft } = matters.openMeeting("lixiuying");
    Object.assign(draft, {
      topic: "debt",
      facts: " 借了三万不还 ",
      opposing: [" 王某 ", " "],
      attachments: [{ id: "p1" } as Attachment],
      keepPrivate: true,
    });
    expect(matters.toConsultation(draft, "b1")).toEqual({
      booking_id: "b1",
      topic: "debt",
      facts: "借了三万不还",
      opposing: ["王某"],
      since_on: null,
      attachment_ids: ["p1"],
      keep_private: true,
    });
  });

  it("asks for somebody else, about their village", () => {
    const { draft } = matters.openQuestion("lixiuying");
    Object.assign(draft, {
      topic: "land",
      facts: "地界",
      since: "2025-03-01",
      area: { code: "520526001001", name: "大洼塘社区" },
      behalf: { mandateId: "m1", name: "王桂英" },
    });
    expect(matters.toQuestion(draft)).toMatchObject({
      area_code: "520526001001",
      text: "地界",
      since_on: "2025-03-01",
      mandate_id: "m1",
    });
  });
});

describe("a booking", () => {
  it("stands while it is booked or its person has arrived", () => {
    const states = Object.keys(BOOKING_LOOKS) as (keyof typeof BOOKING_LOOKS)[];
    expect(states.filter(isStanding)).toEqual(["booked", "checked_in"]);
  });
  it.each([
    ["123 456", "123456"],
    [" 012-345 ", "012345"],
    ["linshitong:check-in:987654", "987654"],
    ["1234567", ""],
    ["", ""],
  ])("takes the code in %j", (text, code) => expect(checkInCode(text)).toBe(code));
});
