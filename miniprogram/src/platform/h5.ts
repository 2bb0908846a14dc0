import { askParent } from "./frame";
import { Cancelled, type Platform, type SubscribeOutcome } from "./types";

export const h5: Platform = {
  hasMap: false,

  login: () => askParent<{ code: string }>("login").then((answer) => answer.code),

  requestSubscribe: (templateIds) =>
    askParent<Record<string, SubscribeOutcome>>("requestSubscribe", { templateIds }),

  chooseImages: (count) =>
    new Promise((resolve, reject) =>
      uni.chooseImage({
        count,
        sizeType: ["compressed"],
        success: (answer) => {
          const files = answer.tempFiles as { path: string; size: number }[];
          resolve(files.map(({ path, size }) => ({ path, size })));
        },
        fail: () => reject(new Cancelled()),
      }),
    ),

  chooseLocation: () => Promise.reject(new Cancelled()),

  getPhoneCode: () => askParent<{ code: string }>("phoneCode").then((answer) => answer.code),
};
