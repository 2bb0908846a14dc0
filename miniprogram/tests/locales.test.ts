import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { STATES } from "@/domain/states";
import adviserEn from "@/locales/adviser/en.json";
import adviserZh from "@/locales/adviser/zh-CN.json";
import en from "@/locales/en.json";
import legalEn from "@/locales/legal/en.json";
import legalZh from "@/locales/legal/zh-CN.json";
import moreEn from "@/locales/more/en.json";
import moreZh from "@/locales/more/zh-CN.json";
import organiserEn from "@/locales/organiser/en.json";
import organiserZh from "@/locales/organiser/zh-CN.json";
import volunteerEn from "@/locales/volunteer/en.json";
import volunteerZh from "@/locales/volunteer/zh-CN.json";
import workbenchEn from "@/locales/workbench/en.json";
import workbenchZh from "@/locales/workbench/zh-CN.json";
import zh from "@/locales/zh-CN.json";

const SRC = resolve(__dirname, "../src");

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[path + key, value] as const] : [...leaves(value, `${path}${key}.`)],
    ),
  );
}

const chinese = leaves({ ...zh, ...moreZh, adviser: adviserZh, legal: legalZh, organiser: organiserZh, volunteer: volunteerZh, workbench: workbenchZh } as Tree);
const english = leaves({ ...en, ...moreEn, adviser: adviserEn, legal: legalEn, organiser: organiserEn, volunteer: volunteerEn, workbench: workbenchEn } as Tree);

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "locales" ? [] : sources(path);
    return /\.(vue|ts)$/.test(name) ? [path] : [];
  });
}

const files = sources(SRC).map((path) => ({ path: relative(SRC, path), text: readFileSync(path, "utf8") }));
const withoutComments = (text: string) =>
  text.replace(/<!--[\s\S]*?-->/g, "").replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");

describe("the sentences", () => {
  it("exist in both languages, with the same places to fill", () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const [key, text] of chinese)
      expect(new Set(places(english.get(key)!)), key).toEqual(new Set(places(text)));
  });

  it("are never empty and never hold what the message syntax takes for a command", () => {
    for (const [key, text] of [...chinese, ...english]) {
      expect(text.trim(), key).not.toBe("");
      expect(text, key).not.toMatch(/[@|]/);
    }
  });

  it("exist for every key the source names", () => {
    const missing = files.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(([^()]*)/g)]
        .flatMap((match) => [...match[1]!.matchAll(/["'`](\w[\w-]*(?:\.[\w-]+)+)["'`]/g)])
        .map((match) => match[1]!)
        .filter((key) => !chinese.has(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it("exist under every prefix the source completes by itself", () => {
    const prefixes = files.flatMap(({ text }) => [...text.matchAll(/\bt\(\s*`([\w.-]+\.)\$\{/g)].map((match) => match[1]!));
    expect(prefixes.length).toBeGreaterThan(10);
    for (const prefix of prefixes)
      expect([...chinese.keys()].some((key) => key.startsWith(prefix)), prefix).toBe(true);
  });

  it("name every state", () => {
    for (const state of Object.keys(STATES)) expect(chinese.has(`state.${state}`), state).toBe(true);
  });

  it("stand in the catalogues and nowhere else", () => {
    const inline = files
      .filter(({ text }) => /[一-鿿]/.test(withoutComments(text)))
      .map(({ path }) => path);
    expect(inline).toEqual([]);
  });
});
