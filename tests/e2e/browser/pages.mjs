/** The demo page and the phones on it, as whoever uses them sees them. */
import assert from "node:assert/strict";

const SLUGS = {
  李秀英: "lixiuying",
  王大富: "wangdafu",
  张敏: "zhangmin",
  陈伟: "chenwei",
  刘芳: "liufang",
  何平: "heping",
  罗永芳: "luoyongfang",
  邓军: "dengjun",
  宋佳: "songjia",
  杨光: "yangguang",
  马静: "majing",
  周平: "zhouping",
  赵磊: "zhaolei",
  杨雪梅: "yangxuemei",
  马兰: "malan",
  吴建国: "wujianguo",
};

const LOOKS = 10;

/** The demo page: people to choose from, one phone, and what its owner's WeChat brought. */
export class Desk {
  constructor(page) {
    this.page = page;
    this.context = page.context();
  }

  /** Take up somebody's phone; a small screen rolls on until all of it is to be seen. */
  async take(name) {
    await this.page.getByRole("navigation").getByRole("button", { name }).click();
    await this.page.waitForFunction(
      () => document.getElementById("phone").getBoundingClientRect().bottom < innerHeight + 1,
    );
    return this.phone(name);
  }

  async phone(name) {
    const frame = await this.page.waitForSelector(`iframe[src*="phone=${SLUGS[name]}"]`);
    return new Phone(this.page, await frame.contentFrame());
  }

  /** The newest WeChat message with this title about a request. */
  message(title, number) {
    const messages = this.page.locator("#wechat").getByRole("button");
    return messages.filter({ hasText: title }).filter({ hasText: number }).first();
  }

  /** Press a button of the question WeChat asks. */
  async answer(question, button) {
    const sheet = this.page.getByRole("dialog", { name: question });
    await sheet.getByRole("button", { name: button, exact: true }).click();
    await sheet.waitFor({ state: "detached" });
  }
}

/** The mini-program on one phone. */
export class Phone {
  constructor(page, frame) {
    this.page = page;
    this.frame = frame;
  }

  button = (name) => this.frame.getByRole("button", { name, exact: true });
  field = (name) => this.frame.locator("input, textarea").and(this.frame.getByLabel(name, { exact: true }));
  text = (text) => this.frame.getByText(text).first();

  press = (name) => this.button(name).click();
  write = (name, text) => this.field(name).fill(text);
  search = (text) => this.frame.getByRole("searchbox").fill(text);
  choose = (name) => this.frame.getByRole("radio", { name, exact: true }).click();
  tab = (name) => this.frame.locator("uni-tabbar").getByText(name, { exact: true }).click();
  back = () => this.frame.locator(".uni-page-head-btn").first().click();

  /** All of it is to be read, sooner or later. */
  async reads(...texts) {
    for (const text of texts) await this.text(text).waitFor();
  }

  /** Take the day a date picker opens at. */
  async pickDay(name) {
    await this.frame.getByRole("button", { name: new RegExp(`^${name}`) }).click();
    await this.frame.locator(".uni-picker-action-confirm:visible").click();
  }

  async gone(text) {
    await this.text(text).waitFor({ state: "detached" });
  }

  /** The page with this heading is there, and fits the phone. */
  async at(heading) {
    await this.frame.getByRole("heading", { name: heading, exact: true }).first().waitFor();
    await this.fits();
  }

  /** Nothing is wider than the phone. */
  async fits() {
    const [wide, room] = await this.frame.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    assert.ok(wide <= room, `${this.frame.url()} is ${wide} px wide on a phone of ${room} px`);
  }

  /** The list row that shows all these words. */
  row(...words) {
    return words.reduce((rows, hasText) => rows.filter({ hasText }), this.frame.getByRole("link")).first();
  }

  /** A notice in the inbox, looked for anew as one does who waits for it. */
  async notice(inbox, elsewhere, ...words) {
    for (let look = 0; look < LOOKS; look += 1) {
      await this.tab(elsewhere);
      await this.tab(inbox);
      const found = this.row(...words);
      if (await found.waitFor({ timeout: 1000 }).then(() => true, () => false)) return found;
    }
    throw new Error(`No notice “${words.join(" ")}”`);
  }

  /** Choose files for the picker behind a button. */
  async pickFiles(button, ...files) {
    const picking = this.page.waitForEvent("filechooser");
    await this.press(button);
    await (await picking).setFiles(files);
  }

  /** Choose photos, and wait until each has arrived. */
  async attach(button, ...files) {
    await this.pickFiles(button, ...files);
    await this.reads(new RegExp(`^${files.length}\\D+9`));
    await this.frame.locator(".photos__veil").first().waitFor({ state: "detached" });
    await this.shows(files.length, ".photos");
  }

  /** So many pictures are on the page (or in the part of it named), and each can be seen. */
  async shows(count, part = "uni-page") {
    const look = ([wanted, within]) => {
      const pictures = [...document.querySelectorAll(`${within} uni-image img`)];
      return pictures.length === wanted && pictures.every((each) => each.complete && each.naturalWidth > 0);
    };
    await this.frame.waitForFunction(look, [count, part]).catch(() => {
      throw new Error(`Not ${count} pictures to be seen in ${part}`);
    });
  }

  /** The receipt's number; whatever the state, its four answers are there. */
  async receipt(...questions) {
    const receipt = this.frame.getByRole("region").first();
    const written = (await receipt.innerText()).split("\n").map((line) => line.trim()).filter(Boolean);
    for (const question of questions) {
      const answer = written[written.indexOf(question) + 1];
      assert.ok(written.includes(question) && answer && !questions.includes(answer), `No answer to “${question}”`);
    }
    return written.find((line) => /^[A-Z0-9-]{8,}$/.test(line)) ?? assert.fail(`No number in: ${written.join(" | ")}`);
  }

  /** The size of ordinary letters, in CSS pixels. */
  lettersOf = (text) => this.text(text).evaluate((node) => parseFloat(getComputedStyle(node).fontSize));
}
