import { askParent } from "./frame";
import { Cancelled, type Platform, type SubscribeOutcome } from "./types";

/** How long a file stays at hand for the browser to save. */
const KEPT_MS = 60_000;

/** As UTF-8, or in the encoding Chinese spreadsheets save by default. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

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

  async handFile(url, headers, name) {
    const reply = await fetch(url, { headers });
    if (!reply.ok) return { status: reply.status, body: await reply.text() };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await reply.blob());
    link.download = name;
    link.click();
    // The browser has taken it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
    return { status: reply.status, body: null };
  },

  // The server sends it as a file to keep: the browser offers it to the calendar and stays here.
  addToCalendar: async ({ file }) => window.location.assign(await file()),

  canScan: false,

  scanCode: () => Promise.reject(new Cancelled()),

  chooseText: (extension) =>
    new Promise((resolve, reject) => {
      const input = document.createElement("input");
      input.type = "file";
      input.accept = `.${extension}`;
      input.onchange = () => resolve(input.files![0]!.arrayBuffer().then(decoded));
      input.oncancel = () => reject(new Cancelled());
      input.click();
    }),

  getPhoneCode: () => askParent<{ code: string }>("phoneCode").then((answer) => answer.code),
};
