import { createSSRApp } from "vue";
import App from "./App.vue";
import { i18n } from "./i18n";
// #ifdef H5
import { keepOwnHistory } from "./platform/history";
// #endif

export function createApp() {
  // #ifdef H5
  keepOwnHistory((url) => uni.navigateTo({ url, fail: () => uni.switchTab({ url }) }));
  // #endif
  const app = createSSRApp(App);
  app.use(i18n);
  return { app };
}
