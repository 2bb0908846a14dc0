/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Origin of the API for the WeChat build, e.g. https://api.example.gov.cn; empty for H5. */
  readonly VITE_API_ORIGIN?: string;
}

declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<object, object, unknown>;
  export default component;
}

/** WeChat's own object, for the few things uni-app has no word for. */
declare const wx: {
  env: { USER_DATA_PATH: string };
  chooseMessageFile(options: {
    count: number;
    type: "file";
    extension: string[];
    success: (answer: { tempFiles: { path: string }[] }) => void;
    fail: (error: { errMsg?: string }) => void;
  }): void;
  shareFileMessage(options: {
    filePath: string;
    fileName: string;
    success: () => void;
    fail: (error: { errMsg?: string }) => void;
  }): void;
  /** Times in seconds since 1970. */
  addPhoneCalendar(options: {
    title: string;
    startTime: number;
    endTime: number;
    location: string;
    description: string;
    /** Seconds before the start. */
    alarmOffset: number;
    success: () => void;
    fail: (error: { errMsg?: string }) => void;
  }): void;
};
