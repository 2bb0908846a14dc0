/**
 * A land dispute: one unit leads and two help, the resident is asked once, gets one reply, is not
 * content, and in the end is.
 */
import assert from "node:assert/strict";
import { PHONE, picture, scenario } from "./scenario.mjs";

const STORY = "老屋后面的包产地，隔壁组周家犁过界一米多，种了洋芋，社区调解过没有结果。";
const WHERE = "老屋后面坡地，石埂东边";
const FOR_FARMING = "请调确权档案，核对这块地的四至和面积。";
const FOR_JUSTICE = "请查前次调解记录，组织双方再调解一次。";
const CONTRACT = "承包合同上的地块名称";
const STONES = "界石的照片";
const PLOT = "合同上写的是大坪子三号地，一亩四分二。";
const FILE = "档案登记一亩四分二，东界是石埂，现场量得被占一米一宽。";
const TALKED = "双方已签调解协议，周家按石埂退还，十日内复界。";
const MORE_TIME = "调解定在下周三，要等双方到场。";
const GRANTED = "同意，调解完当天答复居民。";
const REPLY = "经农业服务中心核对档案、司法所调解，周家同意按石埂退还。";
const REASON = "嘴上答应了，地里的洋芋还没有挖，界桩也没有栽。";
const SECOND_REPLY = "今天已到现场复界，栽界桩四根，洋芋由周家收走。";
const ANSWERS = ["谁在办", "下一步", "什么时候", "没办怎么办"];

await scenario(async (stage) => {
  const lisDesk = await stage.newcomer("li", PHONE);
  const staffDesk = await stage.newcomer("staff", PHONE);
  const li = await lisDesk.take("李秀英");
  const phones = {};
  let number, id;

  /** Takes up somebody's phone of the office, where the request is to be found in a queue. */
  const at = async (name, queue) => {
    const phone = await staffDesk.take(name);
    if (phones[name]) await phone.back();
    else {
      await phone.tab("我的");
      await phone.press("进入工作台");
    }
    phones[name] = phone;
    await phone.frame.getByRole("tab", { name: queue }).click();
    await phone.frame.getByRole("tab", { name: queue, selected: true }).waitFor();
    await phone.row("山林土地权属纠纷", number).click();
    await phone.at("山林土地权属纠纷");
    return phone;
  };
  /** 李秀英 opens it anew. */
  const again = async () => {
    const address = li.frame.url();
    await li.frame.goto("about:blank");
    await li.frame.goto(address);
    await li.at("山林土地权属纠纷");
  };
  const offers = async (phone, ...actions) => {
    await phone.frame.locator(".page__foot").getByRole("button", { name: /更多|可以这样办/ }).click();
    for (const action of actions) await phone.reads(action);
    return phone;
  };
  const pick = (phone, question, answer) =>
    phone.frame.getByRole("radiogroup", { name: question }).getByRole("radio", { name: answer, exact: true }).click();

  await stage.step("李秀英 tells of her land", async () => {
    await li.press("我要说事");
    await li.search("争地");
    await li.press("山林土地权属纠纷");
    await li.at("说说是怎么回事");
    await li.write("发生了什么？", STORY);
    await li.choose("承包地");
    await li.write("对方是谁（姓名或单位）", "隔壁组周家");
    await pick(li, "有没有权属证书或合同", "是");
    await pick(li, "村里或社区调解过吗", "是");
    await li.attach("加照片", picture("field.jpg"));
    await li.press("下一步");
    await li.write("具体位置", WHERE);
    await li.press("下一步");
    await li.at("再看一遍就提交");
    await li.press("提交");
    await li.at("收到了，您不用再跑");
    number = await li.receipt(...ANSWERS);
    await li.reads(/综合治理办公室/);
    await li.press("看这件事");
    await li.at("山林土地权属纠纷");
    id = li.frame.url().split("id=")[1];
  });

  await stage.step("何平 accepts it and asks two units for their part", async () => {
    const he = await at("何平", "本单位");
    await he.reads(STORY, "隔壁组周家");
    await he.press("受理");
    await he.press("确定受理");
    await he.reads("已受理，您是经办人");
    for (const [unit, what] of [["海边街道农业服务中心", FOR_FARMING], ["海边街道司法所", FOR_JUSTICE]]) {
      await offers(he, "请别的单位办其中一部分；居民只看到谁在协办");
      await he.press("请别的单位协办");
      await he.press("请它协办");
      await he.reads("请选择协办单位", "请写明请它办什么", "请选择最晚哪天办完");
      await he.choose(unit);
      await he.write("请它办什么", what);
      await he.pickDay("最晚哪天办完");
      await he.press("请它协办");
      await he.reads("已请对方协办", what);
    }
    assert.equal(await he.button("答复居民").count(), 0, "he can reply although others still owe their part");
    await he.fits();
  });

  await stage.step("the resident sees who helps, not what is written between units", async () => {
    await again();
    await li.reads("谁在一起办", "海边街道农业服务中心", "海边街道司法所");
    assert.ok(!(await li.frame.locator("body").innerText()).includes(FOR_FARMING), "words between units are shown");
    await li.fits();
  });

  await stage.step("何平 asks once for all that is missing", async () => {
    const he = await at("何平", "我经办");
    await offers(he);
    await he.press("一次性告知");
    await he.reads("只能告知一次，请想全了再发", "居民已经给过的，不用再要", /隔壁组周家/, "照片 1 张");
    await he.press("发给居民");
    await he.reads("请至少写一样要补充的");
    await he.write("第 1 样是什么", CONTRACT);
    await he.press("再加一样");
    await he.write("第 2 样是什么", STONES);
    await he.press("再加一样");
    await he.press("删掉第 3 样");
    await pick(he, "第 2 样怎么补", "拍照片");
    await he.write("第 2 样到哪里找", "石埂东头那一块");
    await he.press("发给居民");
    await he.reads("已告知居民，等待补充", "等居民补充，不计时", "已补 0 / 2 样");
    await he.fits();
  });

  await stage.step("李秀英 supplies it item by item", async () => {
    await again();
    await li.reads("单位在等您补充", CONTRACT, STONES, "石埂东头那一块");
    await li.press("现在补充");
    await li.write("要说的话", PLOT);
    await li.press("提交补充");
    await li.reads("已补充，还差 1 样", "待补充");
    await li.press("现在补充");
    await li.attach("加照片", picture("stones.jpg"));
    await li.press("提交补充");
    await li.reads("已补充", "办理中", "2 样都有了回音");
    assert.equal(await li.receipt(...ANSWERS), number);
  });

  await stage.step("a second list is refused, and staff see that it was tried", async () => {
    const origin = new URL(li.frame.url()).origin;
    const ask = async (method, path, token, body) => {
      const headers = { "Content-Type": "application/json", "Idempotency-Key": `second-list-of-${number}` };
      if (token) headers.Authorization = `Bearer ${token}`;
      return fetch(`${origin}/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
    };
    const { token } = await (await ask("POST", "sessions", null, { code: "demo-heping" })).json();
    const { version } = await (await ask("GET", `requests/${id}`, token)).json();
    const items = [{ label: "还要一份证明", kind: "text" }];
    const refused = await ask("POST", `requests/${id}/ask`, token, { version, items });
    assert.equal(refused.status, 409);
    assert.equal((await refused.json()).code, "already_asked");
    const he = await at("何平", "我经办");
    await he.reads(/又想要居民补充一次，已经拦下/, PLOT, "已补 2 / 2 样");
    await offers(he, "申请延期");
    assert.equal(await he.frame.getByRole("button", { name: "一次性告知" }).count(), 0, "a second list is offered");
  });

  await stage.step("he asks for more time, which the head of his unit grants", async () => {
    const he = phones["何平"];
    await he.press("申请延期");
    await he.reads(/批准后延长 15 天/);
    await he.write("为什么要延期", MORE_TIME);
    await he.press("提交申请");
    await he.reads("已申请，等批准", /申请延长期限，等批准/);
    assert.equal(await he.button("批延期").count(), 0, "he can grant it to himself");
    const luo = await at("罗永芳", "待裁决");
    await luo.reads(MORE_TIME);
    await luo.press("批延期");
    await luo.reads(/批准后延长 15 天/);
    await luo.choose("同意延期");
    await luo.write("说明", GRANTED);
    await luo.press("确定");
    await luo.reads("已决定");
    await luo.gone("等批准");
    await again();
    await li.reads(/已经批准延长，新的期限是/, new RegExp(MORE_TIME));
  });

  await stage.step("both units do their part", async () => {
    for (const [name, result, photo] of [["邓军", FILE, "stones"], ["宋佳", TALKED, null]]) {
      const helper = await at(name, "协办");
      await helper.reads("协办");
      assert.ok(!(await helper.frame.locator("body").innerText()).includes("李秀英"), "a unit that only helps is told who asked");
      await helper.press("回复牵头单位");
      await helper.write("协办结果", result);
      if (photo) await helper.attach("加照片", picture(`${photo}.jpg`));
      await helper.press("发给牵头单位");
      await helper.reads("已回复牵头单位", "办完了", result);
      await helper.fits();
    }
  });

  /** One reply, with a picture: fixed is shown. */
  const reply = async (he, text) => {
    await he.press("答复居民");
    await he.choose("已办好");
    await he.write("给居民的答复", text);
    await he.press("发出答复");
    await he.reads("办好了要有照片，现场或办结文书都行");
    await he.attach("加照片", picture("mended.jpg"));
    await he.press("发出答复");
    await he.reads("已答复，等居民确认", "已答复，不计时");
  };

  await stage.step("何平 makes one reply of it", async () => {
    const he = await at("何平", "我经办");
    await he.press("答复居民");
    await he.reads("海边街道农业服务中心的协办结果", "海边街道司法所的协办结果", FILE, TALKED);
    await he.press("关闭");
    await reply(he, REPLY);
  });

  await stage.step("李秀英 reads one reply and is not content", async () => {
    await again();
    await li.reads("真的解决了吗？", REPLY);
    assert.ok(!(await li.frame.locator("body").innerText()).includes(FILE), "words between units are shown");
    await li.press("没有解决");
    await li.write("没有解决的地方", REASON);
    await li.press("请重新办理");
    await li.reads("已反映，会重新办理", "反映未解决");
    assert.equal(await li.receipt(...ANSWERS), number);
  });

  await stage.step("何平 does it again and replies again", async () => {
    const he = await at("何平", "我经办");
    await he.reads(REASON);
    await he.press("重新办理");
    await he.press("确定重新办理");
    await he.reads("已开始重新办理", "重新办理中");
    await reply(he, SECOND_REPLY);
  });

  await stage.step("李秀英 confirms, and everything that happened is on record", async () => {
    await again();
    await li.reads(SECOND_REPLY);
    await li.press("解决了");
    await li.press("确认解决了");
    await li.reads("已确认解决", "已解决");
    for (const happened of [REPLY, REASON, "请别的单位协办", "协办单位办完了", "同意延长期限"]) await li.reads(happened);
    assert.equal(await li.receipt(...ANSWERS), number);
    await li.fits();
  });
});
