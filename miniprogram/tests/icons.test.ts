import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { ICON_NAMES } from "@/icons/names";
import { css, names, types } from "../scripts/icons.mjs";

const src = resolve(__dirname, "../src");

it("what was generated from the drawings is what stands in the source", () => {
  expect(readFileSync(`${src}/icons/icons.scss`, "utf8")).toBe(css());
  expect(readFileSync(`${src}/icons/names.ts`, "utf8")).toBe(types());
  expect([...ICON_NAMES]).toEqual(names());
});

it("all drawings share one stroke", () => {
  for (const name of names()) expect(readFileSync(`${src}/icons/${name}.svg`, "utf8"), name).toContain('stroke-width="1.75"');
});
