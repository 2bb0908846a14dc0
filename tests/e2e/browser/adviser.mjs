/**
 * 李秀英 asks her village's legal adviser in writing, then meets her; the adviser writes what she
 * advised, makes it a case, the justice office approves, and a neighbour with the same trouble reads it.
 * At last the adviser stands on the other side elsewhere, and the matter goes to somebody else.
 */
import assert from "node:assert/strict";
import { DESKTOP, PHONE, picture, scenario } from "./scenario.mjs";

const QUESTION = "隔壁把路边的空地围起来了，说是他家的老地基，能要求他拆吗？";
const ANSWER = "先请村里查土地证和老地籍图。没有证的空地是集体的，谁都不能围。";
const MORE = "村里查了，没有他家的证。";
const OPPONENT = "周老五";
const FACTS = `${OPPONENT}家上个月在我家出门的路上砌了一道墙，三轮车进不来。说了几回都不听，他电话是 13985712345。`;
const OPINION = "邻居要给您留路。先请村里调解，他不拆，可以到法院起诉，要求排除妨害。";
const TITLE = "邻居砌墙堵了路，能不能要求拆";
const ASKED = "邻居把墙砌在大家走的路上，怎么办？";
const STEP = "先拍照，请村里调解，调解不成再起诉。";
const LAW = ["中华人民共和国民法典", "第二百九十一条", "不动产权利人对相邻权利人因通行等必须利用其土地的，应当提供必要的便利。"];
const TOPIC = "相邻和地界";
const CLIENT = "赵老四";
const SLOT = /^\d\d:\d\d/;

const place = (phone) => phone.frame.getByText("地点：大洼塘社区居民委员会").first().waitFor();
const slots = (phone) => phone.frame.getByRole("button", { name: SLOT });

/** From the times of a day: the one after the next, or that of tomorrow where today has no two. */
async function takeNear(phone) {
  await phone.frame.getByRole("tab", { name: /^今天|有空$/ }).first().click();
  await place(phone);
  if ((await slots(phone).count()) < 2) await phone.frame.getByRole("tab", { name: /有空$/ }).nth(1).click();
  await slots(phone).nth(1).click();
}

await scenario(async (stage) => {
  const residentsDesk = await stage.newcomer("resident", PHONE);
  const advisersDesk = await stage.newcomer("adviser", DESKTOP);
  const li = await residentsDesk.take("李秀英");
  const yang = await advisersDesk.take("杨雪梅");

  await stage.step("she asks in writing, and is told until when", async () => {
    await li.press("问法律顾问");
    await li.reads("您村的法律顾问", "杨雪梅律师");
    await li.press("写下来问");
    await li.press("下一步");
    await li.reads("请选一选是哪方面的事");
    await li.choose(TOPIC);
    await li.write("想问什么？", QUESTION);
    await li.attach("加照片", picture("stones.jpg"));
    await li.press("下一步");
    await li.reads("再看一遍", QUESTION);
    await li.press("提交");
    await li.reads("等答复", QUESTION, /前答复$/);
    await li.shows(1);
    await li.fits();
  });

  await stage.step("the adviser answers", async () => {
    await yang.tab("我的");
    await yang.press("进入顾问工作台");
    await yang.frame.getByRole("button", { name: /^书面问题/ }).click();
    await yang.row(TOPIC, QUESTION).click();
    await yang.at(TOPIC);
    await yang.shows(1);
    await yang.press("答复");
    await yang.write("答复", ANSWER);
    await yang.write("用了多少分钟", "10");
    await yang.press("发给居民");
    await yang.reads("已答复", ANSWER);
  });

  await stage.step("she is told, reads it, and asks on", async () => {
    await li.back();
    await li.back();
    await (await li.notice("消息", "首页", "您的提问有答复了")).click();
    await li.reads("已答复", ANSWER);
    await li.press("接着问");
    await li.write("想问什么？", MORE);
    await li.press("提交");
    await li.reads(MORE, "等答复");
    await li.fits();
  });

  await stage.step("she books a meeting for another day", async () => {
    await li.back();
    await li.tab("首页");
    await li.press("问法律顾问");
    await li.press("约个时间");
    await li.frame.getByRole("tab", { name: /有空$/ }).nth(1).click();
    await place(li);
    await slots(li).nth(3).click();
    await li.press("就约这个时间");
    await li.reads(/^这个时间给您留到/);
    await li.choose(TOPIC);
    await li.write("是怎么回事？", FACTS);
    await li.write("对方第 1 个名字", OPPONENT);
    await li.press("下一步");
    await li.reads("再看一遍", FACTS, OPPONENT);
    await li.press("约好");
    await li.reads("约好了", "已约好", /^当面 · 大洼塘社区居民委员会/, FACTS);
    await li.fits();
  });

  await stage.step("she moves it to the next free time", async () => {
    await li.frame.getByRole("button", { name: /^换个时间/ }).click();
    await li.reads(/^原来约的是/);
    await takeNear(li);
    await li.press("改到这个时间");
    await li.reads("时间改好了");
    await li.reads("已约好", FACTS);
  });

  let code;
  await stage.step("the adviser shows today's code", async () => {
    for (let page = 0; page < 2; page += 1) await yang.back();
    await yang.press("给来人看签到码");
    const digits = yang.frame.locator(".check-in__digits");
    code = (await digits.innerText()).replace(/\D/g, "");
    assert.match(code, /^\d{6}$/);
    await yang.fits();
    await yang.frame.getByRole("dialog").getByRole("button", { name: "关闭" }).click();
  });

  await stage.step("she arrives: a wrong code, then the right one", async () => {
    stage.expect(/status of 422/);
    await li.press("我到了");
    await li.write("六位数字", code === "000000" ? "111111" : "000000");
    await li.press("签到");
    await li.frame.getByRole("alert").first().waitFor();
    await li.write("六位数字", code);
    await li.press("签到");
    await li.reads("签到了，请等律师叫您");
    await li.reads("已签到");
  });

  await stage.step("the adviser writes the opinion, and it is in the ledger", async () => {
    await yang.back();
    await yang.press("进入顾问工作台");
    await yang.row("李秀英", TOPIC, "已签到").click();
    await yang.at(TOPIC);
    await yang.reads(FACTS, OPPONENT);
    await yang.press("写意见");
    await yang.press("记录，告诉居民");
    await yang.reads("请写法律意见");
    await yang.write("法律意见", OPINION);
    await yang.press("记录，告诉居民");
    await yang.reads("已谈完", OPINION);
    await yang.fits();
  });

  await stage.step("she reads it, and rates", async () => {
    await li.back();
    await li.back();
    await (await li.notice("消息", "首页", "见面的记录写好了")).click();
    await li.reads("已谈完", OPINION);
    await li.press("评一评");
    await li.choose("5 分 很满意");
    await li.press("提交");
    await li.reads("您的评价：5 分");
    await li.fits();
  });

  await stage.step("the adviser makes it a case: name and number are gone", async () => {
    await yang.press("写成案例");
    await yang.reads("换掉了哪些", "事情经过");
    const story = await yang.field("事情经过").inputValue();
    for (const secret of [OPPONENT, "13985712345", "李秀英"]) assert.ok(!story.includes(secret), story);
    await yang.write("题目", TITLE);
    await yang.write("想问什么", ASKED);
    await yang.press("加一步");
    await yang.write("第 1 步", STEP);
    await yang.press("加一条依据");
    await yang.write("哪部法律", LAW[0]);
    await yang.write("第几条", LAW[1]);
    await yang.write("法条原文", LAW[2]);
    await yang.press("保存");
    await yang.reads("已保存");
    const check = yang.frame.getByRole("checkbox", { name: /^我逐字看过/ });
    if (await check.count()) await check.click();
    await yang.press("交给司法所");
    await yang.at(TITLE);
    await yang.reads("等司法所看");
    await yang.fits();
  });

  await stage.step("the justice office approves it", async () => {
    const wu = await advisersDesk.take("吴建国");
    await wu.tab("我的");
    await wu.press("法律顾问名册和案例");
    await wu.frame.getByRole("button", { name: /^等您看的案例/ }).click();
    await wu.row(TITLE).click();
    await wu.at(TITLE);
    await wu.press("同意公开");
    await wu.press("确定公开");
    await wu.reads("已公开");
    await wu.fits();
  });

  await stage.step("a neighbour who says the same reads it", async () => {
    const wang = await residentsDesk.take("王大富");
    await wang.press("我要说事");
    await wang.search("邻里");
    await wang.press("邻里纠纷");
    await wang.press("看看类似的案例，法律怎么说");
    await wang.row(TITLE).click();
    await wang.at(TITLE);
    await wang.reads(ASKED, STEP, LAW.slice(0, 2).join(" "));
    const seen = await wang.frame.locator("body").innerText();
    for (const secret of [OPPONENT, "13985712345", "李秀英"]) assert.ok(!seen.includes(secret), `“${secret}” is public`);
    await wang.fits();
  });

  await stage.step("the adviser acts for somebody elsewhere: what is against them goes to another", async () => {
    await advisersDesk.take("杨雪梅");
    await yang.back();
    await yang.back();
    await yang.frame.getByRole("button", { name: /^登记自己办的案子/ }).click();
    await yang.press("保存");
    await yang.reads("请写您代理的人");
    await yang.write("您代理的人", CLIENT);
    await yang.press("保存");
    await yang.reads("已登记");
    await yang.fits();
    await residentsDesk.take("李秀英");
    await li.back();
    await li.tab("首页");
    await li.press("问法律顾问");
    await li.press("写下来问");
    await li.choose(TOPIC);
    await li.write("想问什么？", QUESTION);
    await li.write("对方第 1 个名字", CLIENT.split("").join(" "));
    await li.press("下一步");
    await li.press("提交");
    await li.reads("等答复", /^顾长明律师/);
    await li.fits();
  });
});
