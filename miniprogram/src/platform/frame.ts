/**
 * H5 inside the demo's phone frame: what WeChat would do is asked of the page around us.
 *
 * The server names that page's origin in `<meta name="demo-frame-origin">`; in production there
 * is none, and nothing is ever posted or believed.
 */
import { Cancelled, NotInWeChat } from "./types";

type Method = "login" | "requestSubscribe" | "phoneCode";

interface Answer {
  source: "wechat";
  id: number;
  result?: unknown;
  error?: string;
}

const PATIENCE_MS: Record<Method, number> = {
  login: 10_000,
  // These two wait for a person to answer a question.
  requestSubscribe: 120_000,
  phoneCode: 120_000,
};

let lastId = 0;

export const frameOrigin = (): string | null =>
  document.querySelector<HTMLMetaElement>('meta[name="demo-frame-origin"]')?.content || null;

export function askParent<T>(method: Method, params: object = {}): Promise<T> {
  const origin = frameOrigin();
  if (!origin || window.parent === window) return Promise.reject(new NotInWeChat());
  const id = ++lastId;
  return new Promise<T>((resolve, reject) => {
    const finish = (settle: () => void) => {
      window.removeEventListener("message", listen);
      clearTimeout(timer);
      settle();
    };
    const listen = (event: MessageEvent<Answer>) => {
      if (event.origin !== origin || event.source !== window.parent) return;
      if (event.data?.source !== "wechat" || event.data.id !== id) return;
      const { result, error } = event.data;
      finish(() => (error === undefined ? resolve(result as T) : reject(new Cancelled(error))));
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`no answer to ${method}`))),
      PATIENCE_MS[method],
    );
    window.addEventListener("message", listen);
    window.parent.postMessage({ source: "linshitong", id, method, params }, origin);
  });
}
