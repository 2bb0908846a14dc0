/** What goes wrong on a bad day: it is said in words, and nothing that was typed is lost. */
import assert from "node:assert/strict";
import { DESKTOP, PHONE, picture, scenario } from "./scenario.mjs";

const STORY = "巷口的路灯灯杆被货车撞歪了，快要倒下来。";
const WHERE = "大洼塘社区幼儿园后门";
const REPLY = "灯杆已扶正加固，明天换新底座。";
const NO_PHOTO = "只能上传照片（JPEG、PNG、HEIC 或 WebP 格式）";
const WAIT = "照片还在上传，请等一下；传不上去的可以重试或删掉";

await scenario(async (stage) => {
  const desk = await stage.newcomer("li", PHONE);
  const chensDesk = await stage.newcomer("chen", DESKTOP);
  let li = await desk.take("李秀英");
  const chen = await chensDesk.take("陈伟");
  let number;

  await stage.step("a file that is no photo is refused in words", async () => {
    stage.expect(/status of 4(13|15|22)/);
    await li.press("我要说事");
    await li.search("路灯");
    await li.press("路灯不亮");
    await li.write("发生了什么？", STORY);
    await li.choose("灯杆歪了或撞坏");
    await li.attach("加照片", picture("pole.jpg"));
    await li.pickFiles("加照片", picture("letter.jpg"));
    await li.reads(NO_PHOTO);
    await li.press("下一步");
    await li.reads(WAIT);
    await li.press("删掉第 2 张照片");
    await li.gone(NO_PHOTO);
    await li.gone(WAIT);
    await li.shows(1, ".photos");
  });

  await stage.step("after a reload everything typed is back", async () => {
    await desk.page.reload();
    li = await desk.phone("李秀英");
    await li.press("接着写没说完的事");
    await li.at("说说是怎么回事");
    await li.reads("上次没说完的内容已经找回来了");
    assert.equal(await li.field("发生了什么？").inputValue(), STORY);
    assert.ok(await li.frame.getByRole("radio", { name: "灯杆歪了或撞坏", checked: true }).isVisible());
    await li.shows(1, ".photos");
    await li.press("下一步");
    await li.write("具体位置", WHERE);
    await li.press("下一步");
    await li.at("再看一遍就提交");
  });

  await stage.step("the network is cut while it is sent: one request, however often she presses", async () => {
    stage.expect(/ERR_INTERNET_DISCONNECTED/);
    // The server does its work, but the answer never arrives.
    const { context } = desk;
    let sent = 0;
    await context.route("**/api/requests", async (route) => {
      sent += 1;
      if (sent > 1) return route.continue();
      await route.fetch();
      await context.setOffline(true);
      await route.abort("internetdisconnected");
    });
    await li.press("提交");
    await li.reads("网络没有连上，请检查网络后再试", STORY);
    await li.press("提交");
    await li.reads("网络没有连上，请检查网络后再试");
    await context.setOffline(false);
    await li.press("提交");
    await li.at("收到了，您不用再跑");
    number = await li.receipt("谁在办", "下一步", "什么时候", "没办怎么办");
    await li.press("回首页");
    await li.tab("我的事项");
    await li.row(STORY).waitFor();
    assert.equal(await li.frame.getByRole("link").filter({ hasText: STORY }).count(), 1);
  });

  await stage.step("she withdraws while 陈伟 writes: he is told, and keeps his words", async () => {
    stage.expect(/status of 409/);
    await chen.tab("我的");
    await chen.press("进入工作台");
    await chen.frame.getByRole("tab", { name: "本单位" }).click();
    await chen.row(number).click();
    await chen.press("受理");
    await chen.press("确定受理");
    await chen.press("更多");
    await chen.press("答复居民");
    await chen.choose("已办好");
    await chen.write("给居民的答复", REPLY);
    await chen.attach("加照片", picture("mended.jpg"));

    await li.row(STORY).click();
    await li.press("撤回这件事");
    await li.write("为什么撤回", "货车司机已经赔了");
    await li.press("确定撤回");
    await li.reads("已撤回");

    await chen.press("发出答复");
    await chen.reads("这件事刚有变化，现在是“已撤回”", "按现在的进度不能再这样办了。您写的都还在。");
    assert.equal(await chen.field("给居民的答复").inputValue(), REPLY);
    assert.equal(await chen.button("发出答复").getAttribute("aria-disabled"), "true");
  });
});
