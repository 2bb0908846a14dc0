import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RosterItem } from "@/api/organising";
import type { Activity, Shift } from "@/api/volunteering";
import { formOfActivity, freshActivity, hasWords, lackingIn, newActivityOf, shiftsFault, termsOf } from "@/domain/activityForms";
import { hasWorkbench, organises } from "@/domain/desks";
import { comingOf, groupsOf, pauseOf, presenceAt, presenceOf } from "@/domain/rosters";
import { between, countOf, faultOf, formOfShift, freshShift, isOvernight, shiftsOf, type ShiftForm } from "@/domain/shiftForms";
import { fakeUni } from "./fakeUni";

/** 2026-11-24 10:00 in the county, a Tuesday. */
const NOW = Date.parse("2026-11-24T10:00:00+08:00");
const form = (changes: Partial<ShiftForm> = {}): ShiftForm => ({ ...freshShift("2026-11-28"), ...changes });

describe("a shift that repeats", () => {
  const starts = (changes: Partial<ShiftForm>) => shiftsOf(form(changes)).map(({ starts_at }) => starts_at);

  it("stands once, daily or weekly, as often as was said", () => {
    expect(starts({})).toEqual(["2026-11-28T09:00:00+08:00"]);
    expect(starts({ every: "day", times: "4" })).toEqual([28, 29, 30].map((day) => `2026-11-${day}T09:00:00+08:00`).concat("2026-12-01T09:00:00+08:00"));
    expect(starts({ every: "week", times: "2", on: "2026-12-26" })).toEqual(["2026-12-26T09:00:00+08:00", "2027-01-02T09:00:00+08:00"]);
    expect(countOf(form({ times: "9" }))).toBe(1);
  });

  it("may end on the next day, each time", () => {
    const night = { from: "22:00", to: "01:30", every: "week", times: "2" } as const;
    expect(isOvernight(form(night))).toBe(true);
    expect(shiftsOf(form(night)).map(({ ends_at }) => ends_at)).toEqual(["2026-11-29T01:30:00+08:00", "2026-12-06T01:30:00+08:00"]);
    expect(between("2026-11-28", "09:00", "11:00").ends_at).toBe("2026-11-28T11:00:00+08:00");
  });

  it("carries its places, its note and its beat along", () => {
    const [one, two] = shiftsOf(form({ every: "day", times: "2", capacity: " 6 ", note: " 带手套 ", beat: "桥头\n\n 水库 \n桥头" }));
    expect(one).toMatchObject({ capacity: 6, note: "带手套", beat: ["桥头", "水库", "桥头"] });
    expect(two).toMatchObject({ capacity: 6, note: "带手套" });
    expect(shiftsOf(form())[0]).toMatchObject({ note: null, beat: [] });
  });

  it("is faulted for what cannot be", () => {
    expect(faultOf(form(), NOW)).toBe("");
    expect(faultOf(form({ on: "" }), NOW)).toBe("day");
    expect(faultOf(form({ to: "09:00" }), NOW)).toBe("hours");
    expect(faultOf(form({ on: "2026-11-24", from: "10:00" }), NOW)).toBe("past");
    expect(faultOf(form({ on: "2026-11-24", from: "10:01" }), NOW)).toBe("");
    for (const times of ["", "0", "61", "两", "1.5"]) expect(faultOf(form({ every: "day", times }), NOW), times).toBe("times");
    for (const capacity of ["", "0", "-1"]) expect(faultOf(form({ capacity }), NOW), capacity).toBe("capacity");
  });

  it("that exists is shown as it is", () => {
    const [made] = shiftsOf(form({ note: "n", beat: "a\nb" }));
    const shown = formOfShift({ ...made!, id: "s", version: 1 } as unknown as Shift);
    expect(shiftsOf(shown)).toEqual([made]);
    expect(shown.every).toBe("once");
  });
});

describe("an activity", () => {
  const filled = () => ({
    ...freshActivity(),
    organisation: "o1", kind: "patrol", title: " 巡山 ", description: "看火", area: { code: "52", name: "村" }, place: "村口",
    contactName: "李", contactPhone: "13800000000", shifts: [form({ every: "week", times: "3" }), form({ on: "2026-11-30" })],
  });

  it("asks for what is missing, and takes an age only as a number", () => {
    expect(Object.keys(lackingIn(freshActivity())).sort()).toEqual(["area", "contactName", "contactPhone", "description", "kind", "organisation", "place", "title"]);
    expect(lackingIn(filled())).toEqual({});
    expect(lackingIn({ ...filled(), minAge: "十六" })).toEqual({ minAge: "minAge" });
    expect(hasWords(freshActivity())).toBe(false);
    expect(hasWords(filled())).toBe(true);
  });

  it("has shifts, all of them right, and not too many", () => {
    const { shifts } = filled();
    expect(shiftsFault(shifts, NOW)).toBe("");
    expect(shiftsFault([], NOW)).toBe("none");
    expect(shiftsFault([...shifts, freshShift()], NOW)).toBe("shift");
    const many = form({ every: "day", times: "31" });
    expect(shiftsFault([many, many], NOW)).toBe("too_many");
  });

  it("is sent trimmed, its shifts in order, and without limits that were not set", () => {
    const sent = newActivityOf(filled());
    expect(sent).toMatchObject({ title: "巡山", min_age: null, opens_at: null, closes_at: null, contact: { name: "李", phone: "13800000000" } });
    expect(sent.shifts.map(({ starts_at }) => starts_at.slice(0, 10))).toEqual(["2026-11-28", "2026-11-30", "2026-12-05", "2026-12-12"]);
    expect(termsOf({ ...filled(), minAge: "16", closesOn: "2026-11-27" })).toMatchObject({ min_age: 16, closes_at: "2026-11-27T18:00:00+08:00" });
  });

  it("that exists goes back as it came", () => {
    const terms = termsOf({ ...filled(), minAge: "16", opensOn: "2026-11-25", opensTime: "07:30" });
    const { organisation_id, area_code, attachment_ids, ...same } = terms;
    const activity = { ...same, organisation: { id: organisation_id }, area: { code: area_code, full_name: "村" }, attachments: attachment_ids.map((id) => ({ id })) };
    expect(termsOf(formOfActivity(activity as unknown as Activity))).toEqual(terms);
  });

  describe("that is being written", () => {
    beforeEach(() => void fakeUni());
    it("stays on the phone until it is sent", async () => {
      vi.resetModules();
      const { openActivity, forgetActivity } = await import("@/stores/activity");
      const first = openActivity("p1");
      first.draft.title = "巡山";
      first.draft.shifts[0]!.on = "2026-11-28";
      expect(openActivity("p1").draft).toMatchObject({ title: "巡山", shifts: [{ on: "2026-11-28" }] });
      expect(openActivity("p2").draft.title).toBe("");
      forgetActivity("p1");
      expect(openActivity("p1").draft.title).toBe("");
    });
  });
});

describe("a roster", () => {
  const row = (changes: Partial<RosterItem>): RosterItem => ({ state: "confirmed", actions: [], to_confirm: false, in_at: null, ...changes }) as RosterItem;

  it("puts first what waits for the organiser", () => {
    const rows = [
      row({ name: "来", actions: ["decline"] }),
      row({ name: "排", state: "waiting", position: 1 }),
      row({ name: "请", state: "applied", actions: ["approve", "decline"] }),
      row({ name: "走", state: "cancelled" }),
      row({ name: "时", to_confirm: true, actions: ["confirm"] }),
    ];
    expect(groupsOf(rows).map(({ group, items }) => [group, items.map(({ name }) => name).join()])).toEqual([
      ["to_approve", "请"],
      ["to_confirm", "时"],
      ["coming", "来"],
      ["waiting", "排"],
      ["gone", "走"],
    ]);
    expect(groupsOf([])).toEqual([]);
  });

  it("counts who has a place and who came", () => {
    expect(comingOf([row({}), row({ in_at: "x" }), row({ state: "offered" }), row({ state: "waiting" })])).toEqual({ placed: 3, came: 1 });
  });
});

describe("hours by the organiser's word", () => {
  const shift = { starts_at: "2026-11-24T22:00:00+08:00", ends_at: "2026-11-25T01:00:00+08:00" };
  it("begin with what is known, within the shift", () => {
    expect(presenceOf({ in_at: null, out_at: null }, shift)).toEqual(shift);
    expect(presenceOf({ in_at: "2026-11-24T21:50:00+08:00", out_at: "2026-11-25T01:20:00+08:00" }, shift)).toEqual(shift);
    const inside = { in_at: "2026-11-24T22:10:00+08:00", out_at: "2026-11-25T00:30:00+08:00" };
    expect(presenceOf(inside, shift)).toEqual({ starts_at: inside.in_at, ends_at: inside.out_at });
  });
  it("mean the day on which the shift has that time", () => {
    expect(presenceAt("22:10", "00:30", shift)).toEqual({ in_at: "2026-11-24T22:10:00+08:00", out_at: "2026-11-25T00:30:00+08:00" });
    expect(presenceAt("00:10", "00:30", shift)).toEqual({ in_at: "2026-11-25T00:10:00+08:00", out_at: "2026-11-25T00:30:00+08:00" });
  });
});

describe("a code", () => {
  const pause = (seconds: number) => pauseOf({ now: new Date(NOW).toISOString(), until: new Date(NOW + seconds * 1000).toISOString() });
  it("is asked for anew just after its end by the server's clock, never in a rush, never too late", () => {
    expect(pause(12)).toBe(12_300);
    expect(pause(0)).toBe(1_000);
    expect(pause(-50)).toBe(1_000);
    expect(pause(3_600)).toBe(30_300);
  });
});

it("organisers have a desk of their own, and no workbench by it", () => {
  const grant = (role: string) => ({ role }) as never;
  expect(organises([grant("organiser")])).toBe(true);
  expect(organises([grant("handler")])).toBe(false);
  expect(hasWorkbench([grant("organiser")])).toBe(false);
});
