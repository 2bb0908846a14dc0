/** The main loop in Chinese on one desk: a street lamp, from the first tap to the rating. */
import assert from "node:assert/strict";
import { DESKTOP, picture, scenario } from "./scenario.mjs";

const STORY = "村口到小学这段路两盏路灯一个多星期不亮了，孩子摸黑走。";
const WHERE = "村口小卖部对面第三根电杆";
const NUMBERS = "两根灯杆的编号";
const PICTURE = "灯杆的照片";
const POLES = "27 号和 28 号。";
const REPLY = "两盏灯的灯头已更换，今晚亮灯。";
const ANSWERS = ["谁在办", "下一步", "什么时候", "没办怎么办"];

await scenario(async (stage) => {
  const desk = await stage.newcomer("desk", DESKTOP);
  let li, chen, number;

  await stage.step("李秀英 opens her phone and finds the street lamp", async () => {
    await desk.page.getByRole("button", { name: "从李秀英开始" }).click();
    li = await desk.phone("李秀英");
    await li.reads(/好，李秀英/, "海边街道 大洼塘社区");
    await li.press("我要说事");
    await li.at("是什么事？");
    await li.search("路灯");
    await li.press("路灯不亮");
  });

  await stage.step("she tells it, answers the questions and adds two photos", async () => {
    await li.at("说说是怎么回事");
    await li.press("下一步");
    await li.reads("请说说发生了什么", "这一项要填");
    await li.write("发生了什么？", STORY);
    await li.choose("不亮");
    await li.write("大约几盏", "2");
    await li.attach("加照片", picture("lamp-1.jpg"), picture("lamp-2.jpg"));
    await li.press("下一步");
  });

  await stage.step("she says where, reads it all once more and sends it", async () => {
    await li.at("事情在哪里？");
    await li.reads("海边街道 大洼塘社区");
    await li.write("具体位置", WHERE);
    await li.press("下一步");
    await li.at("再看一遍就提交");
    await li.reads(STORY, WHERE, "不亮");
    await li.shows(2);
    await li.press("提交");
    await li.at("收到了，您不用再跑");
    number = await li.receipt(...ANSWERS);
    await li.reads("已提交", /综合行政执法/);
  });

  await stage.step("she lets WeChat tell her", async () => {
    await li.press("办好了告诉我");
    await desk.answer("发送以下消息", "允许");
    await li.reads("好的，有进展会用微信告诉您");
    await li.press("回首页");
    await li.reads("我最近的事", number);
  });

  await stage.step("陈伟 finds it in his unit's queue and accepts it", async () => {
    chen = await desk.take("陈伟");
    await chen.tab("我的");
    await chen.press("进入工作台");
    await chen.frame.getByRole("tab", { name: "本单位" }).click();
    await chen.row("路灯不亮", number).click();
    await chen.at("路灯不亮");
    await chen.reads(STORY, WHERE, "李秀英", number);
    await chen.shows(2);
    await chen.press("受理");
    await chen.press("确定受理");
    await chen.reads("已受理，您是经办人");
    await chen.button("更多").waitFor();
  });

  await stage.step("he asks for what is missing", async () => {
    await chen.press("更多");
    await chen.press("一次性告知");
    await chen.write("第 1 样是什么", NUMBERS);
    await chen.press("再加一样");
    await chen.write("第 2 样是什么", PICTURE);
    await chen.frame.getByRole("radiogroup", { name: "第 2 样怎么补" }).getByRole("radio", { name: "拍照片" }).click();
    await chen.press("发给居民");
    await chen.reads("已告知居民，等待补充", "待补充", "等居民补充，不计时");
    await chen.back();
    await chen.row(number, "待补充").waitFor();
  });

  await stage.step("李秀英 gets the WeChat message and the notice, and supplies it", async () => {
    await desk.take("李秀英");
    await desk.message("诉求办理进度", number).waitFor();
    await desk.message("请补充内容", number).waitFor();
    await li.tab("消息");
    await li.row("诉求已受理", number).waitFor();
    await li.row("请补充诉求内容", number, "已用微信通知").waitFor();
    await desk.message("请补充内容", number).click();
    await li.at("路灯不亮");
    await li.reads("单位在等您补充", NUMBERS, PICTURE);
    await li.press("现在补充");
    await li.write("要说的话", POLES);
    await li.press("提交补充");
    await li.reads("已补充，还差 1 样", "一共 2 样，还差 1 样");
    await li.press("现在补充");
    await li.attach("加照片", picture("pole.jpg"));
    await li.press("提交补充");
    await li.reads("已补充", "办理中", "2 样都有了回音");
  });

  await stage.step("陈伟 learns of it and replies with a photo", async () => {
    await desk.take("陈伟");
    await chen.back();
    await (await chen.notice("消息", "首页", "居民已补充内容", number)).click();
    await chen.at("路灯不亮");
    await chen.reads(POLES);
    await chen.shows(3);
    await chen.press("答复居民");
    await chen.press("发出答复");
    await chen.reads("请选择办理结果", "请写给居民的答复");
    await chen.choose("已办好");
    await chen.write("给居民的答复", REPLY);
    await chen.attach("加照片", picture("mended.jpg"));
    await chen.press("发出答复");
    await chen.reads("已答复，等居民确认", "已答复，不计时");
  });

  await stage.step("李秀英 sees the pictures, confirms and rates", async () => {
    await desk.take("李秀英");
    await desk.message("诉求答复", number).click();
    await li.at("路灯不亮");
    await li.reads("真的解决了吗？", REPLY, "已办好", POLES, /陈伟/);
    // Two of the first telling, one supplied, one of the reply.
    await li.shows(4);
    assert.equal(await li.receipt(...ANSWERS), number);
    await li.press("解决了");
    await li.press("确认解决了");
    await li.reads("已确认解决", "已解决");
    await li.press("给这次办理打分");
    await li.choose("5 分 很满意");
    await li.press("提交评价");
    await li.reads("谢谢您的评价", "您的评价：5 分");
    assert.equal(await li.receipt(...ANSWERS), number);
    // Each message opened its page upon the one before.
    await li.back();
    await li.back();
    await li.tab("我的事项");
    await li.row("路灯不亮", "已解决").waitFor();
  });
});
