import { settings } from "@/stores/settings";
import { problemOf, unanswered } from "./problem";

export interface Call {
  /** WeChat's requests know no PATCH, so the API has none. */
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: Record<string, string | number | undefined | null>;
  body?: object;
  headers?: Record<string, string>;
}

export interface Reply<T> {
  status: number;
  body: T;
  etag: string | null;
}

const TIMEOUT_MS = 20_000;

/** H5 calls the origin that served it; the WeChat build is told its county's origin. */
export const ORIGIN =
  process.env.UNI_PLATFORM === "mp-weixin" ? (import.meta.env.VITE_API_ORIGIN ?? "") : "";

/** A signed link of the API as something an <image> can show. */
export const linkTo = (url: string): string => (url.startsWith("/") ? ORIGIN + url : url);

export function address(path: string, query: Call["query"] = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return ORIGIN + path + (pairs.length ? `?${pairs.join("&")}` : "");
}

/** One exchange with the server. Resolves for 2xx and 304, otherwise throws a Problem. */
export function send<T>(call: Call): Promise<Reply<T>> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: address(call.path, call.query),
      method: call.method,
      data: call.body,
      timeout: TIMEOUT_MS,
      header: {
        "Accept-Language": settings.language,
        ...(call.body ? { "Content-Type": "application/json" } : {}),
        ...call.headers,
      },
      success: ({ statusCode, data, header }) => {
        if ((statusCode >= 200 && statusCode < 300) || statusCode === 304)
          resolve({ status: statusCode, body: data as T, etag: etagOf(header) });
        else reject(problemOf(statusCode, data));
      },
      fail: (error) => reject(unanswered(error.errMsg ?? "")),
    });
  });
}

function etagOf(headers: Record<string, string> | undefined): string | null {
  const name = Object.keys(headers ?? {}).find((key) => key.toLowerCase() === "etag");
  return name ? headers![name]! : null;
}
