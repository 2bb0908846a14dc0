import { Cancelled, type Platform, type SubscribeOutcome } from "./types";

/** How long before its start the phone's calendar reminds of an event. */
const REMIND_SECONDS = 3600;
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);

const cancelled = (error: { errMsg?: string }) =>
  /cancel|deny|denied/i.test(error.errMsg ?? "") ? new Cancelled() : new Error(error.errMsg ?? "");

/** WeChat spells an acceptance in several ways (`acceptWithAudio`, `acceptWithForcePush`, …). */
function outcome(word: string): SubscribeOutcome {
  if (word.startsWith("accept")) return "accept";
  return word === "ban" || word === "filter" ? word : "reject";
}

/** What WeChat shows by itself. */
const SHOWN = ["pdf", "xlsx"] as const;

export const weixin: Platform = {
  hasMap: true,

  login: () =>
    new Promise((resolve, reject) =>
      uni.login({ provider: "weixin", success: (answer) => resolve(answer.code), fail: reject }),
    ),

  requestSubscribe: (templateIds) =>
    new Promise((resolve, reject) =>
      uni.requestSubscribeMessage({
        tmplIds: templateIds,
        success: (answer: unknown) => {
          const words = answer as Record<string, string>;
          resolve(Object.fromEntries(templateIds.map((id) => [id, outcome(words[id] ?? "reject")])));
        },
        fail: (error: { errMsg?: string; errCode?: number }) =>
          // 20004: the person's main switch is off, which is an answer, not a fault.
          error.errCode === 20004
            ? resolve(Object.fromEntries(templateIds.map((id) => [id, "reject" as const])))
            : reject(cancelled(error)),
      }),
    ),

  chooseImages: (count) =>
    new Promise((resolve, reject) =>
      uni.chooseMedia({
        count,
        mediaType: ["image"],
        sizeType: ["compressed"],
        success: (answer) =>
          resolve(answer.tempFiles.map((file) => ({ path: file.tempFilePath, size: file.size }))),
        fail: (error) => reject(cancelled(error)),
      }),
    ),

  chooseLocation: () =>
    new Promise((resolve, reject) =>
      uni.chooseLocation({
        success: ({ name, address, latitude, longitude }) =>
          resolve({ text: name || address, latitude, longitude }),
        fail: (error) => reject(cancelled(error)),
      }),
    ),

  handFile: (url, headers, name) =>
    new Promise((resolve, reject) =>
      uni.downloadFile({
        url,
        header: headers,
        filePath: `${wx.env.USER_DATA_PATH}/${name}`,
        success: ({ statusCode, filePath, tempFilePath }) => {
          const done = { status: statusCode, body: null };
          const path = filePath ?? tempFilePath;
          const fileType = SHOWN.find((type) => name.endsWith(`.${type}`));
          if (statusCode !== 200) resolve(done);
          else if (fileType)
            uni.openDocument({ filePath: path, fileType, showMenu: true, success: () => resolve(done), fail: reject });
          // What WeChat cannot show is sent on, to the file helper or whom one trusts.
          else wx.shareFileMessage({ filePath: path, fileName: name, success: () => resolve(done), fail: (error) => reject(cancelled(error)) });
        },
        fail: reject,
      }),
    ),

  addToCalendar: ({ title, startsAt, endsAt, place, note }) =>
    new Promise((resolve, reject) =>
      wx.addPhoneCalendar({
        title,
        startTime: seconds(startsAt),
        endTime: seconds(endsAt),
        location: place,
        description: note,
        alarmOffset: REMIND_SECONDS,
        success: () => resolve(),
        fail: (error) => reject(cancelled(error)),
      }),
    ),

  canScan: true,

  scanCode: () =>
    new Promise((resolve, reject) =>
      uni.scanCode({
        scanType: ["qrCode"],
        success: ({ result }) => resolve(result),
        fail: (error: { errMsg?: string }) => reject(cancelled(error)),
      }),
    ),

  chooseText: (extension) =>
    new Promise((resolve, reject) =>
      wx.chooseMessageFile({
        count: 1,
        type: "file",
        extension: [extension],
        success: ({ tempFiles }) =>
          uni.getFileSystemManager().readFile({
            filePath: tempFiles[0]!.path,
            encoding: "utf-8",
            success: ({ data }) => resolve(String(data)),
            fail: reject,
          }),
        fail: (error) => reject(cancelled(error)),
      }),
    ),

  getPhoneCode: (event) =>
    event?.code ? Promise.resolve(event.code) : Promise.reject(new Cancelled()),
};
