/**
 * What WeChat does for a mini-program, for those in our frames. They ask by
 * `{source: "linshitong", id, method, params}` and get `{source: "wechat", id, result | error}`.
 */
import { recall, remember } from "./memory.js";
import { askForMessages, askForNumber } from "./sheet.js";

const MOST_TEMPLATES = 3;

async function requestSubscribe(phone, { templateIds }) {
  if (templateIds.length > MOST_TEMPLATES) {
    throw new Error("requestSubscribeMessage:fail 20003 templates count out of max bound");
  }
  const { items } = await (await fetch("/_sandbox/templates")).json();
  const templates = templateIds.map((id) => items.find(({ template_id: known }) => known === id));
  if (templates.includes(undefined)) {
    throw new Error("requestSubscribeMessage:fail 20001 no template data return");
  }
  const { slug } = phone.person;
  const kept = recall(`kept:${slug}`) ?? {};
  const open = templates.filter(({ template_id: id }) => !kept[id]);
  const { choices, keep } = open.length > 0 ? await askForMessages(phone, open) : { choices: {}, keep: false };
  if (keep) remember(`kept:${slug}`, { ...kept, ...choices });
  const outcomes = Object.fromEntries(templateIds.map((id) => [id, choices[id] ?? kept[id]]));
  const results = Object.entries(outcomes).map(([template_id, outcome]) => ({ template_id, outcome }));
  const answer = await fetch("/_sandbox/subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: slug, results }),
  });
  if (!answer.ok) throw new Error(`requestSubscribeMessage:fail ${answer.status}`);
  return outcomes;
}

async function phoneCode(phone) {
  if (!(await askForNumber(phone))) throw new Error("getPhoneNumber:fail user deny");
  return { code: `phone-${phone.person.phone}` };
}

const login = (phone) => ({ code: `demo-${phone.person.slug}` });

const METHODS = new Map(Object.entries({ login, requestSubscribe, phoneCode }));

/** Answer the phones' questions; nobody else's are heard. */
export function playWeChat(phones, serviceOrigin) {
  window.addEventListener("message", async (event) => {
    if (event.origin !== serviceOrigin) return;
    const phone = phones.from(event.source);
    const { source, id, method, params } = event.data ?? {};
    if (!phone || source !== "linshitong" || !METHODS.has(method)) return;
    let answer;
    try {
      answer = { result: await METHODS.get(method)(phone, params) };
    } catch (error) {
      answer = { error: String(error.message) };
    }
    event.source.postMessage({ source: "wechat", id, ...answer }, serviceOrigin);
  });
}
