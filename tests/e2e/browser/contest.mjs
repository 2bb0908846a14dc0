/** "Closed" is not "solved": 王大富 reads English in large letters on a phone and is not content. */
import assert from "node:assert/strict";
import { PHONE, picture, scenario } from "./scenario.mjs";

const STORY = "The lamp at the bridge flickers all night and nobody can sleep.";
const WHERE = "The bridge at the village entrance, second pole";
const FIRST_REPLY = "已派人查看。";
const BASIS = "城市照明管理规定第十八条";
const REASON = "They had a look, but it still flickers.";
const SECOND_REPLY = "已更换镇流器，今晚不再闪。";
const ANSWERS = ["Who has it", "What happens next", "By when", "If it does not happen"];

await scenario(async (stage) => {
  const wangsDesk = await stage.newcomer("wang", PHONE, "en-US");
  const chensDesk = await stage.newcomer("chen", PHONE);
  const wang = await wangsDesk.take("王大富");
  const chen = await chensDesk.take("陈伟");
  let number;

  const reply = async (outcome, text, prove) => {
    await chen.press("答复居民");
    await chen.choose(outcome);
    await chen.write("给居民的答复", text);
    await prove();
    await chen.press("发出答复");
    await chen.reads("已答复，等居民确认");
    await chen.back();
  };
  /** A notice tells him, in his language, and leads there. */
  const openReply = async () => {
    await (await wang.notice("Inbox", "Home", "You have a reply", number)).click();
    await wang.at("Street light not working");
    assert.equal(await wang.receipt(...ANSWERS), number);
  };

  await stage.step("王大富 chooses large letters and English", async () => {
    await wang.tab("我的");
    const before = await wang.lettersOf("姓名");
    await wang.frame.getByRole("switch", { name: "大字版" }).click();
    assert.ok((await wang.lettersOf("姓名")) >= before * 1.2, "the letters did not grow");
    await wang.choose("English");
    await wang.reads("Easier to read", "Larger letters, larger buttons");
    await wang.fits();
    await wang.tab("Home");
    await wang.reads(/Good (morning|day|afternoon|evening), 王大富/);
    await wang.fits();
  });

  await stage.step("he reports", async () => {
    await wang.press("Tell us");
    await wang.at("What is it about?");
    await wang.search("lamp");
    await wang.press("Street light not working");
    await wang.at("Tell us the story");
    await wang.write("What happened?", STORY);
    await wang.choose("Flickering");
    await wang.attach("Add photo", picture("lamp-1.jpg"));
    await wang.press("Next");
    await wang.at("Where is it?");
    await wang.write("Exact place", WHERE);
    await wang.press("Next");
    await wang.at("One last look");
    await wang.reads(STORY, WHERE, "Flickering");
    await wang.press("Send");
    await wang.at("We have it. No need to go anywhere.");
    number = await wang.receipt(...ANSWERS);
    await wang.press("Back to home");
  });

  await stage.step("陈伟 accepts it and replies with words only", async () => {
    await chen.tab("我的");
    await chen.press("进入工作台");
    await chen.frame.getByRole("tab", { name: "本单位" }).click();
    await chen.row("路灯不亮", number).click();
    await chen.at("路灯不亮");
    await chen.press("受理");
    await chen.press("确定受理");
    await chen.press("更多");
    await reply("已说明情况", FIRST_REPLY, () => chen.write("依据哪一条规定", BASIS));
  });

  await stage.step("王大富 contests it and says why", async () => {
    await openReply();
    await wang.reads("Is it really solved?", FIRST_REPLY, BASIS);
    await wang.press("Not solved");
    await wang.press("Please redo it");
    await wang.reads("Please write a few words");
    await wang.write("What is not solved", REASON);
    await wang.press("Please redo it");
    await wang.reads("Passed on: it must be redone", "Contested");
    await wang.fits();
    await wang.back();
  });

  await stage.step("陈伟 reads why, begins again and replies anew", async () => {
    await chen.back();
    await (await chen.notice("消息", "首页", "居民认为没有解决", number)).click();
    await chen.at("路灯不亮");
    await chen.reads("反映未解决", REASON);
    await chen.press("重新办理");
    await chen.press("确定重新办理");
    await chen.reads("已开始重新办理", "重新办理中");
    await reply("已办好", SECOND_REPLY, () => chen.attach("加照片", picture("mended.jpg")));
  });

  await stage.step("王大富 is content", async () => {
    await openReply();
    await wang.reads(SECOND_REPLY, FIRST_REPLY, REASON);
    await wang.press("Solved");
    await wang.press("Yes, it is solved");
    await wang.reads("Confirmed as solved");
    await wang.button("Rate how it was handled").waitFor();
    await wang.fits();
  });
});
