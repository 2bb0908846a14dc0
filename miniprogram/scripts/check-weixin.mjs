/**
 * Checks the finished WeChat build for what WeChat would refuse: WXML that does not parse, a
 * package over 2 MB, a request to a foreign host, code that evaluates text.
 * Run `npm run check:weixin` after `npm run build:mp-weixin`.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TmplGroup } from "glass-easel-template-compiler";

const MOST_BYTES = 2 * 1024 * 1024;
const build = resolve(dirname(fileURLToPath(import.meta.url)), "../dist/build/mp-weixin");

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });

const all = files(build).map((path) => ({ name: relative(build, path), bytes: statSync(path).size, path }));
const app = JSON.parse(readFileSync(join(build, "app.json"), "utf8"));
const roots = (app.subPackages ?? []).map(({ root }) => `${root}/`);
const faults = [];

const templates = new TmplGroup();
for (const { name, path } of all) {
  if (name.endsWith(".wxml"))
    for (const warning of templates.addTmpl(name.slice(0, -5), readFileSync(path, "utf8")) ?? [])
      faults.push(`${name}: ${warning.message ?? JSON.stringify(warning)}`);
  if (name.endsWith(".js")) {
    const code = readFileSync(path, "utf8");
    if (/\bnew Function\b|\beval\(/.test(code)) faults.push(`${name}: evaluates text as code`);
    if (/https?:\/\/[\w.]*(cdn|unpkg)/.test(code)) faults.push(`${name}: names a CDN`);
  }
}
for (const root of ["", ...roots]) {
  const mine = all.filter(({ name }) => (root ? name.startsWith(root) : !roots.some((each) => name.startsWith(each))));
  const bytes = mine.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`${root || "main package"}: ${(bytes / 1024).toFixed(0)} KB in ${mine.length} files`);
  if (bytes > MOST_BYTES) faults.push(`${root || "main package"}: over 2 MB`);
}
faults.forEach((fault) => console.error(fault));
process.exit(faults.length ? 1 : 0);
