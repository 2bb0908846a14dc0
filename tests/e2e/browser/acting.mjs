/** 张敏 acts for her mother 李秀英, until her mother takes the consent back half-way. */
import assert from "node:assert/strict";
import { DESKTOP, PHONE, picture, scenario } from "./scenario.mjs";

const STORY = "门口那盏路灯不亮了，晚上倒水看不清台阶，怕摔着。";
const WHERE = "老院子门口第一根电杆";
const REMINDER = "老人家昨晚差点摔倒，请快一点。";
const ANSWERS = ["谁在办", "下一步", "什么时候", "没办怎么办"];
const PHONE_END = "0001";

await scenario(async (stage) => {
  const mothersDesk = await stage.newcomer("mother", PHONE);
  const daughtersDesk = await stage.newcomer("daughter", DESKTOP);
  const mother = await mothersDesk.take("李秀英");
  const daughter = await daughtersDesk.take("张敏");
  let code, number;

  const consents = async (phone) => {
    await phone.tab("我的");
    await phone.press("代办");
  };

  await stage.step("the mother makes a code", async () => {
    await consents(mother);
    await mother.reads("还没有让别人替您办。");
    await mother.press("让家里人替我办");
    await mother.choose("三个月");
    await mother.press("做一个代办码");
    await mother.reads(/还有 \d+ 分钟有效/, "只能用一次。只告诉您信得过的人。");
    code = await mother.frame.locator(".code").innerText();
    await mother.press("关闭");
    await mother.fits();
  });

  await stage.step("the daughter enters it", async () => {
    stage.expect(/status of 404/);
    await consents(daughter);
    await daughter.press("输入代办码");
    await daughter.write("代办码", "AAAA-AAAA");
    await daughter.press("开始替对方办");
    await daughter.frame.getByRole("alert").first().waitFor();
    await daughter.write("代办码", code.toLowerCase());
    await daughter.press("开始替对方办");
    await daughter.reads("好了，可以替对方办事了", "我可以替李秀英办", /^有效到/);
    await daughter.back();
  });

  await stage.step("she tells it for her mother, where her mother lives", async () => {
    await daughter.tab("首页");
    await daughter.press("我要说事");
    await daughter.choose("替李秀英");
    await daughter.search("路灯");
    await daughter.press("路灯不亮");
    await daughter.at("说说是怎么回事");
    await daughter.write("发生了什么？", STORY);
    await daughter.choose("不亮");
    await daughter.attach("加照片", picture("lamp-1.jpg"));
    await daughter.press("下一步");
    await daughter.at("事情在哪里？");
    await daughter.frame.getByRole("button", { name: /^所在的村（社区）/ }).click();
    await daughter.search("大洼塘");
    await daughter.press("大洼塘社区");
    await daughter.reads("海边街道 大洼塘社区");
    await daughter.write("具体位置", WHERE);
    await daughter.press("下一步");
    await daughter.at("再看一遍就提交");
    await daughter.reads("这件事是替李秀英说的", STORY, WHERE);
    await daughter.press("提交");
    await daughter.at("收到了，您不用再跑");
    number = await daughter.receipt(...ANSWERS);
    await daughter.press("看这件事");
    await daughter.reads("您在替李秀英办这件事，您办的每一步都会记下您的名字。", "代办人 · 张敏");
    await daughter.fits();
  });

  await stage.step("her mother sees it, and who acts for her", async () => {
    await mother.back();
    await mother.tab("我的事项");
    await mother.row("路灯不亮", STORY).click();
    await mother.at("路灯不亮");
    await mother.reads(/^张敏在替您办这件事/, "代办人 · 张敏", STORY);
    assert.equal(await mother.receipt(...ANSWERS), number);
    await mother.shows(1);
  });

  await stage.step("she has the receipt printed", async () => {
    const saving = mothersDesk.page.waitForEvent("download");
    await mother.press("打印回执");
    const paper = await saving;
    assert.equal(paper.suggestedFilename(), `回执-${number}.pdf`);
    await paper.saveAs(process.env.PAPER);
  });

  await stage.step("a neighbour looks it up without signing in", async () => {
    const passer = await stage.passerBy("neighbour", PHONE, `${new URL(mother.frame.url()).origin}/#/pages/lookup/lookup?number=${number}`);
    await passer.at("用受理编号查进度");
    await passer.press("查一查");
    await passer.reads("请填四位数字");
    await passer.write("手机号后四位", "9999");
    await passer.press("查一查");
    await passer.reads(/^没有查到/);
    await passer.write("手机号后四位", PHONE_END);
    await passer.press("查一查");
    await passer.reads(number, "已提交", /^应在 .+ 前答复/);
    const seen = await passer.frame.locator("body").innerText();
    for (const secret of [STORY, WHERE, "李秀英", "张敏"]) assert.ok(!seen.includes(secret), `“${secret}” is shown to a passer-by`);
    await passer.fits();
  });

  await stage.step("while the daughter writes a reminder, the consent is taken back", async () => {
    await daughter.press("催一催");
    await daughter.write("想说的话", REMINDER);
    await mother.back();
    await consents(mother);
    await mother.reads("张敏可以替我办");
    await mother.press("不再让对方代办");
    await mother.reads(/^取消以后，张敏马上不能再替您说事/);
    await mother.press("确定取消");
    await mother.reads("已取消", "已经取消");
    await mother.fits();
  });

  await stage.step("her next step is refused, and she reads why", async () => {
    await daughter.press("催一下");
    await daughter.reads("您不能再替李秀英办这件事了", /^同意已经取消，或者已经到期/);
    await daughter.press("看代办的事");
    await daughter.reads("我可以替李秀英办", "已经取消");
    await daughter.fits();
    await daughter.back();
    await daughter.back();
    await daughter.tab("我的事项");
    await daughter.reads("还没有事项");
    await daughter.press("我要说事");
    await daughter.at("是什么事？");
    assert.equal(await daughter.frame.getByRole("radio", { name: "替李秀英" }).count(), 0);
  });

  await stage.step("her mother goes on by herself", async () => {
    await mother.back();
    await mother.tab("我的事项");
    await mother.row("路灯不亮", STORY).click();
    await mother.at("路灯不亮");
    await mother.press("催一催");
    await mother.write("想说的话", REMINDER);
    await mother.press("催一下");
    await mother.reads("已经替您催了", /^今天已经催过了/, REMINDER);
    assert.equal(await mother.receipt(...ANSWERS), number);
  });
});
