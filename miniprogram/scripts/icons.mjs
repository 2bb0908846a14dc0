/**
 * Turns src/icons/*.svg into what both builds can show: one CSS class per icon (a mask painted in
 * the current text colour), a TypeScript union of the names, and the tab bar's PNG pictures,
 * which WeChat takes in no other form. Run `npm run icons` after changing a drawing.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const src = resolve(dirname(fileURLToPath(import.meta.url)), "../src");
const TABS = ["home", "list", "bell", "person"];
const TAB_PIXELS = 81;
const COLOURS = { "": "#5a6762", "-on": "#0f5a4f" };

const read = (name) => readFileSync(`${src}/icons/${name}.svg`, "utf8").trim();
const uri = (svg) => `data:image/svg+xml,${encodeURIComponent(svg).replace(/%20/g, " ").replace(/%3D/g, "=").replace(/%3A/g, ":").replace(/%2F/g, "/")}`;

export const names = () =>
  readdirSync(`${src}/icons`)
    .filter((file) => file.endsWith(".svg"))
    .map((file) => file.slice(0, -4))
    .sort();

export const css = () =>
  names()
    .map((name) => `.icon-${name} { -webkit-mask-image: url("${uri(read(name).replaceAll('"', "'"))}"); }\n`)
    .join("");

export const types = () => `export const ICON_NAMES = [\n${names().map((name) => `  "${name}",\n`).join("")}] as const;\n\nexport type IconName = (typeof ICON_NAMES)[number];\n`;

async function tabPictures() {
  const { launch } = await import("./browser.mjs");
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: TAB_PIXELS, height: TAB_PIXELS } });
  mkdirSync(`${src}/static/tab`, { recursive: true });
  for (const name of TABS)
    for (const [suffix, colour] of Object.entries(COLOURS)) {
      const svg = read(name).replace("#000", colour).replace("<svg", `<svg width="${TAB_PIXELS}" height="${TAB_PIXELS}"`);
      await page.setContent(`<style>*{margin:0}svg{display:block}</style>${svg}`);
      await page.screenshot({ path: `${src}/static/tab/${name}${suffix}.png`, omitBackground: true });
    }
  await browser.close();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(`${src}/icons/icons.scss`, css());
  writeFileSync(`${src}/icons/names.ts`, types());
  await tabPictures();
}
