/**
 * The pictures of the README (docs/images), and every page in both languages and large letters
 * for looking at (var/screenshots). Starts a demo of its own, which tells its past first.
 *
 * Usage: node tests/e2e/browser/screenshots.mjs
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launch, PHONE } from "../../../miniprogram/scripts/browser.mjs";
import { Desk } from "./pages.mjs";

const ROOT = resolve(import.meta.dirname, "../../..");
const PYTHON = join(ROOT, ".venv/bin/python");
const PORT = Number(process.env.LINSHITONG_PORT ?? 9600);
const DEMO = `http://127.0.0.1:${PORT + 1}`;
const IMAGES = join(ROOT, "docs/images");
const ALL = join(ROOT, "var/screenshots");
const STARTING_MS = 240_000;

const STORY = "村口到小学这段路两盏路灯一个多星期不亮了，孩子放学摸黑走。";
const LOOKS = [
  { name: "zh", language: "zh-CN", elder: false },
  { name: "en", language: "en", elder: false },
  { name: "zh-elder", language: "zh-CN", elder: true },
  { name: "en-elder", language: "en", elder: true },
];
/** The phone alone, as large as the window. */
const ALONE = ".phone { position: fixed; z-index: 9; inset: 0; width: 100%; height: 100%; margin: 0; border: 0; padding: 0; border-radius: 0; } .phone__glass { border-radius: 0; }";

function python(code, ...args) {
  const done = spawnSync(PYTHON, ["-c", code, ...args], { cwd: ROOT, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

const draw = (folder) =>
  python(
    "import random, sys; from pathlib import Path; from backend.demo.pictures import draw\n" +
      "for n, scene in enumerate(('lamp', 'lamp', 'mended')): Path(sys.argv[1], f'{n}.jpg').write_bytes(draw(scene, random.Random(n + 1)))",
    folder,
  );

/** Few colours, a third of the bytes, and no eye sees it. */
const shrink = (folder) =>
  python(
    "import sys; from pathlib import Path; from PIL import Image\n" +
      "for path in Path(sys.argv[1]).glob('*.png'): Image.open(path).convert('RGB').quantize(256).save(path, optimize=True)",
    folder,
  );

async function startDemo(folder) {
  const environment = { ...process.env, LINSHITONG_PORT: String(PORT), LINSHITONG_VAR_DIR: folder, LINSHITONG_RATE_LIMITS_ENABLED: "false" };
  const demo = spawn(PYTHON, ["-m", "backend", "demo"], { cwd: ROOT, env: environment, stdio: "inherit" });
  const until = Date.now() + STARTING_MS;
  for (;;) {
    assert.equal(demo.exitCode, null, "the demo ended by itself");
    assert.ok(Date.now() < until, "the demo did not start in time");
    const ready = await fetch(`http://127.0.0.1:${PORT}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) return demo;
    await new Promise((later) => setTimeout(later, 500));
  }
}

/** Nothing is on its way any more: no picture, no skeleton, no toast, no movement. */
async function still(page) {
  for (const frame of page.frames()) {
    // A hidden phone stands still as it is.
    if (frame.parentFrame() && !(await (await frame.frameElement()).isVisible())) continue;
    await frame.waitForFunction(
      () =>
        document.fonts.status === "loaded" &&
        !document.querySelector(".skeleton, uni-toast, .button__spinner") &&
        [...document.images].every((image) => image.complete) &&
        document.getAnimations().every((each) => each.playState !== "running" || each.effect.getTiming().iterations === Infinity),
    );
  }
}

async function shoot(page, path) {
  await still(page);
  await page.screenshot({ path });
}

/** A phone of its own window; `look` is its language and the size of its letters. */
async function phoneAlone(browser, person, look) {
  const context = await browser.newContext({ ...PHONE, locale: "zh-CN", timezoneId: "Asia/Shanghai", bypassCSP: true });
  const page = await context.newPage();
  await page.goto(DEMO);
  const phone = await new Desk(page).take(person);
  await page.addStyleTag({ content: ALONE });
  await phone.frame.locator("uni-tabbar").waitFor();
  await phone.frame.evaluate((settings) => {
    const phoneName = new URLSearchParams(location.search).get("phone");
    // As uni-h5 keeps a string.
    const kept = { type: "string", data: JSON.stringify(settings) };
    localStorage.setItem(`linshitong:${phoneName}:settings`, JSON.stringify(kept));
  }, look);
  const address = phone.frame.url().split("#")[0];
  const go = async (path) => {
    await phone.frame.goto("about:blank");
    await phone.frame.goto(`${address}#/${path}`);
    await still(page);
  };
  return { context, page, phone, go };
}

/** The story of the walk, told by hand on one desk, and pictures of it on the way. */
async function tell(browser, photos) {
  const photo = (number) => join(photos, `${number}.jpg`);
  const context = await browser.newContext({ viewport: { width: 1440, height: 960 }, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const desk = new Desk(await context.newPage());
  await desk.page.goto(DEMO);
  const li = await desk.take("李秀英");
  await li.press("我要说事");
  await li.search("路灯");
  await li.press("路灯不亮");
  await li.write("发生了什么？", STORY);
  await li.choose("不亮");
  await li.write("大约几盏", "2");
  await li.attach("加照片", photo(0), photo(1));
  await li.press("下一步");
  await li.write("具体位置", "村口小卖部对面第三根电杆");
  await li.press("下一步");
  await li.press("提交");
  await li.at("收到了，您不用再跑");
  const number = await li.receipt("谁在办", "下一步", "什么时候", "没办怎么办");
  const id = li.frame.url().split("id=")[1];
  await li.press("办好了告诉我");
  await desk.answer("发送以下消息", "允许");
  await li.press("回首页");

  const chen = await desk.take("陈伟");
  await chen.tab("我的");
  await chen.press("进入工作台");
  await chen.frame.getByRole("tab", { name: "本单位" }).click();
  await chen.search(number);
  await chen.row(number).click();
  await chen.press("受理");
  await chen.press("确定受理");
  await chen.press("更多");
  await chen.press("一次性告知");
  await chen.write("第 1 样是什么", "灯杆编号");
  await chen.write("第 1 样到哪里找", "写在杆子一人高的地方");
  await chen.press("再加一样");
  await chen.write("第 2 样是什么", "从哪天开始不亮");
  await chen.press("发给居民");
  await chen.reads("等居民补充，不计时");

  await desk.take("李秀英");
  await desk.message("请补充内容", number).waitFor();
  await desk.page.getByRole("button", { name: "李秀英补上编号" }).click();
  await desk.message("请补充内容", number).click();
  await li.at("路灯不亮");
  await shoot(desk.page, join(IMAGES, "demo.png"));
  for (const [given, told] of [["27 号和 28 号", "已补充，还差 1 样"], ["上周二晚上开始的", "办理中"]]) {
    await li.press("现在补充");
    await li.write("要说的话", given);
    await li.press("提交补充");
    await li.reads(told);
  }

  await desk.take("陈伟");
  await chen.back();
  await chen.row(number).click();
  await chen.press("答复居民");
  await chen.choose("已办好");
  await chen.write("给居民的答复", "两盏灯的灯头和线路已更换，今晚亮灯。");
  await chen.attach("加照片", photo(2));
  await chen.press("发出答复");
  await chen.reads("已答复，不计时");
  await context.close();
  return id;
}

/** Goes on to another page by what is found there. */
const follow = (find) => async (phone) => {
  const before = phone.frame.url();
  await find(phone.frame).click();
  await phone.frame.waitForURL((url) => url.href !== before);
  await phone.frame.waitForFunction(() => document.querySelector("uni-page-body")?.innerText.trim());
};
const open = follow((frame) => frame.getByRole("link").first());
const chooseTime = follow((frame) => frame.locator(".button--filled").first());
async function holdFirst(phone) {
  await phone.frame.locator(".times [role=button]").first().click();
  await follow((frame) => frame.locator(".sheet .button--filled").first())(phone);
}

/** Each page of a resident and of staff: a name, where it is, and what is done there first. */
const residentPages = (id) => [
  ["home", "pages/home/home"],
  ["requests", "pages/requests/requests"],
  ["inbox", "pages/inbox/inbox"],
  ["me", "pages/me/me"],
  ["submit-category", "pages/submit/submit"],
  ["submit-story", "pages/submit/submit?category=street_lamp"],
  ["request", `pages/request/request?id=${id}`],
  ["request-timeline", `pages/request/request?id=${id}`, (phone) => phone.frame.locator(".timeline").evaluate((node) => node.scrollIntoView())],
  ["request-contest", `pages/request/request?id=${id}`, (phone) => phone.frame.locator(".page__foot .button--outlined").click()],
  ["sent", `pages/sent/sent?id=${id}`],
  ["lookup", "pages/lookup/lookup"],
  ["neighbours", "pages-more/neighbours/neighbours"],
  ["acting", "pages-more/acting/acting"],
  ["data", "pages-more/data/data"],
  ["area", "pages/home/home", (phone) => phone.frame.locator(".hero__place").click()],
  ["adviser", "pages-legal/adviser/adviser"],
  ["ask", "pages-legal/ask/ask"],
  ["questions", "pages-legal/questions/questions"],
  ["question", "pages-legal/questions/questions", open],
  ["bookings", "pages-legal/bookings/bookings"],
  ["cases", "pages-legal/cases/cases"],
  ["case", "pages-legal/cases/cases", open],
  ["times", "pages-legal/adviser/adviser", chooseTime],
  ["book", "", holdFirst],
];
const adviserPages = () => [
  ["adviser-today", "pages-adviser/today/today"],
  ["adviser-meeting", "pages-adviser/today/today", open],
  ["adviser-calendar", "pages-adviser/calendar/calendar"],
  ["adviser-plan", "pages-adviser/plan/plan"],
  ["adviser-questions", "pages-adviser/questions/questions"],
  ["adviser-question", "pages-adviser/questions/questions", open],
  ["adviser-ledger", "pages-adviser/ledger/ledger"],
  ["adviser-cases", "pages-adviser/cases/cases"],
];
const officePages = () => [
  ["register", "pages-adviser/advisers/advisers"],
  ["approve", "pages-adviser/cases/cases", open],
];
const staffPages = (id) => [
  ["staff-me", "pages/me/me"],
  ["queue", "pages-workbench/queue/queue"],
  ["queue-filter", "pages-workbench/queue/queue", (phone) => phone.frame.locator(".queue__filter").click()],
  ["detail", `pages-workbench/detail/detail?id=${id}`],
];
const leadPages = () => [
  ["lead-queue", "pages-workbench/queue/queue"],
  ["lead-detail", "pages-workbench/queue/queue", (phone) => phone.frame.locator(".work-row").first().click()],
  ["lead-more", "pages-workbench/queue/queue", async (phone) => {
    await phone.frame.locator(".work-row").first().click();
    await phone.frame.locator(".page__foot [role=button]").first().click();
  }],
  ["members", "pages-workbench/members/members"],
  ["invite", "pages-workbench/invite/invite"],
];

/** The scenes of the demo, each with whoever has the next step in it. */
const chooseTab = (number) => (phone) => phone.frame.locator("[role=tab]").nth(number).click();
const openFirst = async (phone) => {
  await phone.frame.locator(".work-row").first().click();
  await phone.frame.locator(".receipt").waitFor();
};
const wait = (what) => (phone) => phone.frame.locator(what).first().waitFor();
const act = (phone) => phone.frame.locator(".page__foot .button--filled").click();
const inTurn = (...steps) => async (phone) => {
  for (const step of steps) await step(phone);
};
const QUEUE = "pages-workbench/queue/queue";
const SCENES = [
  ["何平", [["land-detail", QUEUE, openFirst]]],
  ["宋佳", [["help-answer", QUEUE, inTurn(chooseTab(2), openFirst, act)]]],
  ["刘芳", [["extension-decide", QUEUE, inTurn(chooseTab(3), openFirst, act)]]],
  ["杨光", [["dispute-rule", QUEUE, inTurn(chooseTab(1), openFirst, act)]]],
  ["周平", [["reports", "pages-workbench/inspection/inspection", wait(".card")]]],
];

async function album(browser, person, pages, look) {
  const { context, page, phone, go } = await phoneAlone(browser, person, look);
  for (const [name, path, prepare] of pages) {
    // Without a path it goes on from the page before.
    if (path) await go(path);
    if (prepare) await prepare(phone);
    await shoot(page, join(ALL, look.name, `${name}.png`));
  }
  await context.close();
}

const folder = mkdtempSync(join(tmpdir(), "linshitong-screenshots-"));
chmodSync(folder, 0o755);
for (const each of [IMAGES, ...LOOKS.map(({ name }) => join(ALL, name))]) mkdirSync(each, { recursive: true });
draw(folder);
const demo = await startDemo(join(folder, "var"));
const browser = await launch();
try {
  const id = await tell(browser, folder);
  const { context, page, go } = await phoneAlone(browser, "李秀英", LOOKS[0]);
  for (const [name, path] of [["home", "pages/home/home"], ["request", `pages/request/request?id=${id}`]]) {
    await go(path);
    await shoot(page, join(IMAGES, `${name}.png`));
  }
  await context.close();
  const chen = await phoneAlone(browser, "陈伟", LOOKS[0]);
  await chen.go("pages-workbench/queue/queue");
  await shoot(chen.page, join(IMAGES, "workbench.png"));
  await chen.context.close();
  for (const [name, person, path, prepare] of [["times", "王大富", "pages-legal/adviser/adviser", chooseTime], ["case", "王大富", "pages-legal/cases/cases", open], ["adviser", "杨雪梅", "pages-adviser/today/today"]]) {
    const alone = await phoneAlone(browser, person, LOOKS[0]);
    await alone.go(path);
    if (prepare) await prepare(alone.phone);
    await shoot(alone.page, join(IMAGES, `${name}.png`));
    await alone.context.close();
  }
  shrink(IMAGES);
  for (const look of LOOKS) {
    await album(browser, "李秀英", residentPages(id), look);
    await album(browser, "陈伟", staffPages(id), look);
    await album(browser, "刘芳", leadPages(), look);
    await album(browser, "杨雪梅", adviserPages(), look);
    await album(browser, "吴建国", officePages(), look);
    for (const [person, pages] of SCENES) await album(browser, person, pages, look);
  }
} finally {
  await browser.close();
  demo.kill("SIGINT");
  await new Promise((ended) => (demo.exitCode === null ? demo.once("exit", ended) : ended()));
  rmSync(folder, { recursive: true, force: true });
}
