/**
 * Plays one scenario in a real browser. Whatever a careful person would not accept ends it: an
 * error in the console, a request that fails or goes to another host.
 *
 * Environment: DEMO_URL, the demo page; PICTURES, a folder with photos to attach; SHOTS, where
 * pictures and texts of the pages go when it fails, and after every step with EVERY_STEP=1.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { launch } from "../../../miniprogram/scripts/browser.mjs";
import { Desk, Phone } from "./pages.mjs";

const PATIENCE_MS = 10_000;
/** Requests the pages gave up themselves, by going elsewhere. */
const GIVEN_UP = "net::ERR_ABORTED";

export const DESKTOP = { viewport: { width: 1440, height: 960 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

export const picture = (name) => join(process.env.PICTURES, name);

class Stage {
  pages = new Map();
  faults = [];
  #expected = [];
  #browser;
  #step = 0;

  constructor(browser) {
    this.#browser = browser;
  }

  /** Somebody opens the demo page, in a browser of their own. */
  async newcomer(name, screen, language = "zh-CN") {
    return new Desk(await this.#open(name, screen, process.env.DEMO_URL, language));
  }

  /** Somebody opens a page of the mini-program in a browser, outside WeChat. */
  async passerBy(name, screen, url) {
    const page = await this.#open(name, screen, url);
    return new Phone(page, page.mainFrame());
  }

  async #open(name, screen, url, language = "zh-CN") {
    const context = await this.#browser.newContext({ ...screen, locale: language, timezoneId: "Asia/Shanghai" });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#watch(context, name);
    const page = await context.newPage();
    this.pages.set(name, page);
    await page.goto(url);
    return page;
  }

  /** From here on this is no fault, because the scenario brings it about. */
  expect(fault) {
    this.#expected.push(fault);
  }

  /** A named part of the story; nothing may have gone wrong once it is over. */
  async step(name, play) {
    console.log(`· ${name}`);
    await play();
    if (process.env.EVERY_STEP) await this.keep(String(++this.#step).padStart(2, "0"));
    this.verify();
  }

  verify() {
    assert.deepEqual(this.faults, []);
  }

  /** A picture of everybody's page, and the words on it. */
  async keep(label) {
    mkdirSync(process.env.SHOTS, { recursive: true });
    for (const [name, page] of this.pages) {
      const file = join(process.env.SHOTS, `${basename(process.argv[1], ".mjs")}-${label}-${name}`);
      await page.screenshot({ path: `${file}.png` });
      const texts = await Promise.all(page.frames().map((frame) => frame.locator("body").innerText()));
      writeFileSync(`${file}.txt`, texts.join("\n\n――――\n\n"));
    }
  }

  #watch(context, name) {
    const note = (fault) => {
      if (!this.#expected.some((expected) => expected.test(fault))) this.faults.push(`${name}: ${fault}`);
    };
    context.on("console", (message) => {
      if (message.type() === "error") note(`console: ${message.text()} ${message.location().url}`);
    });
    context.on("weberror", (error) => note(`error: ${error.error().stack}`));
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && hostname !== "127.0.0.1") note(`asked another host: ${request.url()}`);
    });
    context.on("requestfailed", (request) => {
      const { errorText } = request.failure();
      if (errorText !== GIVEN_UP) note(`failed: ${request.method()} ${request.url()} ${errorText}`);
    });
  }
}

/** Runs `play` on a stage of its own and says by the exit status whether all went well. */
export async function scenario(play) {
  // Nothing but this machine can be found: a request elsewhere fails even if nobody looks.
  const browser = await launch({ args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] });
  const stage = new Stage(browser);
  try {
    await play(stage);
    stage.verify();
  } catch (error) {
    console.error(error.message);
    console.error(error.stack.split("\n").filter((line) => line.includes("/browser/")).join("\n"));
    if (stage.faults.length) console.error("Faults noticed:", stage.faults);
    await stage.keep("failed").catch((failure) => console.error(failure.message));
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
