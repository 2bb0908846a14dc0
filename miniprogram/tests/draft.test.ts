import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Category } from "@/api/types";
import { fakeUni } from "./fakeUni";

const lamp = {
  code: "street_lamp",
  default_visibility: "public",
  questions: [
    { code: "households", kind: "number", required: false },
    { code: "lamp_no", kind: "text", required: true },
    { code: "injured", kind: "yes_no", required: true },
  ],
} as unknown as Category;

let drafts: typeof import("@/stores/draft");
beforeEach(async () => {
  vi.resetModules();
  fakeUni();
  drafts = await import("@/stores/draft");
});

describe("a draft", () => {
  it("is there again after a restart, as typed", () => {
    const { draft } = drafts.openDraft("lixiuying");
    draft.category = "street_lamp";
    draft.description = "路灯不亮";
    draft.answers.lamp_no = "HB-0317";
    const again = drafts.openDraft("lixiuying").draft;
    expect(again).toMatchObject({ category: "street_lamp", description: "路灯不亮", answers: { lamp_no: "HB-0317" } });
    expect(drafts.hasDraft("lixiuying")).toBe(true);
  });

  it("belongs to one person", () => {
    drafts.openDraft("lixiuying").draft.description = "路灯不亮";
    expect(drafts.hasDraft("wangdafu")).toBe(false);
    expect(drafts.openDraft("wangdafu").draft.description).toBe("");
  });

  it("is gone once cleared, and can be started again", () => {
    const kept = drafts.openDraft("lixiuying");
    kept.draft.description = "路灯不亮";
    kept.clear();
    expect(kept.draft.description).toBe("");
    expect(drafts.hasDraft("lixiuying")).toBe(false);
    kept.draft.description = "停水";
    expect(drafts.hasDraft("lixiuying")).toBe(true);
  });

  it("survives a storage with rubbish in it", () => {
    uni.setStorageSync("linshitong:draft:lixiuying", "{");
    expect(drafts.openDraft("lixiuying").draft.category).toBe("");
  });

  it("is sent with the answers its category asks for, in their kinds", () => {
    const { draft } = drafts.openDraft("lixiuying");
    Object.assign(draft, {
      area: { code: "520526001001", name: "大洼塘社区" },
      description: "  路灯不亮 ",
      answers: { households: "12", lamp_no: " HB-0317 ", injured: false, of_another_category: "x" },
    });
    expect(drafts.toRequest(draft, lamp)).toEqual({
      category: "street_lamp",
      area_code: "520526001001",
      description: "路灯不亮",
      answers: { households: 12, lamp_no: "HB-0317", injured: false },
      place: null,
      visibility: "public",
      attachment_ids: [],
      mandate_id: null,
      about: { unit_ids: [], person_names: [] },
    });
  });

  it("says a place in words, by a pin, or not at all", () => {
    const { draft } = drafts.openDraft("lixiuying");
    draft.place = { text: "  " };
    expect(drafts.toRequest(draft, lamp).place).toBeNull();
    draft.place = { text: " 桥头 " };
    expect(drafts.toRequest(draft, lamp).place).toEqual({ text: "桥头" });
    draft.place = { text: " ", latitude: 26.85, longitude: 104.28 };
    expect(drafts.toRequest(draft, lamp).place).toEqual({ text: null, latitude: 26.85, longitude: 104.28 });
    draft.place = { text: "桥头", latitude: 26.85, longitude: 104.28 };
    expect(drafts.toRequest(draft, lamp).place).toEqual({ text: "桥头", latitude: 26.85, longitude: 104.28 });
  });
});

describe("a complaint", () => {
  it("is never public, and says whom it is about only while it is one", () => {
    const { draft } = drafts.openDraft("lixiuying");
    Object.assign(draft, {
      visibility: "public",
      complains: true,
      about: { units: [{ id: "u1", name: "村委会" }], persons: [" 王村长 ", " "] },
    });
    expect(drafts.toRequest(draft, lamp)).toMatchObject({
      visibility: "private",
      about: { unit_ids: ["u1"], person_names: ["王村长"] },
    });
    draft.complains = false;
    expect(drafts.toRequest(draft, lamp)).toMatchObject({
      visibility: "public",
      about: { unit_ids: [], person_names: [] },
    });
  });

  it("has a step of its own, which a category that implies it may leave empty", async () => {
    const { missing, stepOf, stepsOf } = await import("@/domain/steps");
    const { draft } = drafts.openDraft("lixiuying");
    const cadres = { ...lamp, complaint: true };
    expect(stepsOf(draft, lamp)).not.toContain("about");
    expect(stepsOf(draft, cadres)).toContain("about");
    expect(missing("about", draft, cadres)).toEqual({});
    draft.complains = true;
    expect(stepsOf(draft, lamp)).toEqual(["category", "story", "about", "place", "review"]);
    expect(missing("about", draft, lamp)).toHaveProperty("/about");
    draft.about.persons = ["王村长"];
    expect(missing("about", draft, lamp)).toEqual({});
    expect(stepOf("/about/unit_ids/0")).toBe("about");
  });

  it("can be said for somebody else", () => {
    const { draft } = drafts.openDraft("lixiuying");
    draft.behalf = { mandateId: "m1", name: "王桂英" };
    expect(drafts.toRequest(draft, lamp).mandate_id).toBe("m1");
  });
});

describe("the steps", () => {
  it("ask for what is missing and lead to what was refused", async () => {
    const { missing, stepOf } = await import("@/domain/steps");
    const { draft } = drafts.openDraft("lixiuying");
    expect(Object.keys(missing("story", draft, lamp))).toEqual(["/answers/lamp_no", "/answers/injured", "/description"]);
    Object.assign(draft, { description: "路灯不亮", answers: { lamp_no: "HB-0317", injured: false } });
    expect(missing("story", draft, lamp)).toEqual({});
    expect(missing("place", draft, lamp)).toHaveProperty("/area_code");
    expect([stepOf("/answers/lamp_no"), stepOf("/place/text"), stepOf("/category")]).toEqual(["story", "place", "category"]);
  });
});
