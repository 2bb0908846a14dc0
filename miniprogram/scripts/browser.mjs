/**
 * A Chromium for tests and screenshots that needs no system package.
 *
 * Unpacks the browser and the libraries a bare Debian lacks from @sparticuz/chromium, and the
 * Chinese font from @expo-google-fonts/noto-sans-sc, so pages look alike on every machine.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));

const FONT_WEIGHTS = ["400Regular", "500Medium", "600SemiBold", "700Bold"];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

function untar(archive, folder) {
  const done = spawnSync("tar", ["-x", "-C", folder], { input: brotliDecompressSync(readFileSync(archive)) });
  if (done.status !== 0) throw new Error(`tar could not unpack ${archive}: ${done.stderr}`);
}

function fontsConf(folder) {
  const fonts = resolve(here, "../node_modules/@expo-google-fonts/noto-sans-sc");
  const dirs = FONT_WEIGHTS.map((weight) => `<dir>${join(fonts, weight)}</dir>`).join("");
  const names = ["sans-serif", "system-ui", "PingFang SC"];
  const aliases = names
    .map((name) => `<alias binding="same"><family>${name}</family><prefer><family>Noto Sans SC</family></prefer></alias>`)
    .join("");
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}<cachedir>${join(folder, "font-cache")}</cachedir>${aliases}</fontconfig>`;
}

/** Unpacks once into miniprogram/.browser and returns its folder; safe to run side by side. */
function unpacked() {
  const bin = resolve(here, "../node_modules/@sparticuz/chromium/bin");
  const version = JSON.parse(readFileSync(resolve(bin, "../package.json"), "utf8")).version;
  const folder = resolve(here, "../.browser", version);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  untar(join(bin, "al2023.tar.br"), draft);
  writeFileSync(join(draft, "chromium"), brotliDecompressSync(readFileSync(join(bin, "chromium.br"))), { mode: 0o755 });
  writeFileSync(join(draft, "fonts.conf"), fontsConf(folder));
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Starts the browser; takes Playwright's launch options. */
export async function launch(options = {}) {
  const folder = unpacked();
  return chromium.launch({
    ...options,
    executablePath: join(folder, "chromium"),
    args: [...ARGUMENTS, ...(options.args ?? [])],
    env: {
      ...process.env,
      ...options.env,
      LD_LIBRARY_PATH: join(folder, "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  });
}

/** A phone-sized page, as the tests and the screenshots use it. */
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
