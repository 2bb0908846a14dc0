import { describe, expect, it } from "vitest";
import type { Catalogue } from "@/api/types";
import { emergencyFor, searchCategories } from "@/domain/catalogue";

const category = (code: string, name: string, keywords: string[], danger: string[] = [], emergency: string[] = []) => ({
  code,
  group: "g",
  name,
  hint: "",
  keywords,
  questions: [],
  default_visibility: "private" as const,
  deadline: { profile: "general", text: "" },
  danger,
  complaint: false,
  emergency: emergency.map((number) => ({ number, label: number })),
});

const catalogue: Catalogue = {
  version: "1",
  groups: [{ code: "g", name: "g", icon: "road" }],
  categories: [
    category("water", "停水、水压小", ["没水", "断水"]),
    category("street_lamp", "路灯不亮", ["灯坏了", "路灯", "天黑看不见"]),
    category("power_line", "电线掉落", ["电线"], ["掉下来"], ["119"]),
    category("gas", "燃气泄漏", ["煤气"], [], ["119"]),
  ],
  emergencies: [{ number: "120", label: "急救", words: ["昏迷", "Unconscious"] }],
};

describe("searching categories", () => {
  it("understands everyday words", () => {
    expect(searchCategories(catalogue, "门口的灯坏了好几天")[0]!.code).toBe("street_lamp");
    expect(searchCategories(catalogue, "家里没水")[0]!.code).toBe("water");
  });
  it("finds nothing for nothing", () => {
    expect(searchCategories(catalogue, "  ")).toEqual([]);
    expect(searchCategories(catalogue, "xyz")).toEqual([]);
  });
});

describe("emergency numbers", () => {
  const numbers = (code: string | null, text: string) =>
    emergencyFor(catalogue, catalogue.categories.find((each) => each.code === code) ?? null, text).map(({ number }) => number);

  it("come first for words of danger, whatever the category", () => {
    expect(numbers(null, "有人昏迷了")).toEqual(["120"]);
    expect(numbers("water", "he is unconscious")).toEqual(["120"]);
  });
  it("come for a category's own words only in that category", () => {
    expect(numbers("power_line", "电线掉下来了")).toEqual(["119"]);
    expect(numbers("street_lamp", "灯罩掉下来了")).toEqual([]);
  });
  it("always come in a category that is dangerous by itself", () => {
    expect(numbers("gas", "")).toEqual(["119"]);
  });
});
