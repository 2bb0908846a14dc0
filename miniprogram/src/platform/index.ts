import { h5 } from "./h5";
import type { Platform } from "./types";
import { weixin } from "./weixin";

/** The phone this build runs on; the other adapter is dropped at build time. */
export const platform: Platform = process.env.UNI_PLATFORM === "mp-weixin" ? weixin : h5;

export * from "./types";
