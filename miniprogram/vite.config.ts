import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import uniModule from "@dcloudio/vite-plugin-uni";
import { defineConfig, type Plugin } from "vite";

// The plugin is CommonJS: its default export arrives wrapped in an ES module.
const uni = ((uniModule as unknown as { default?: typeof uniModule }).default ??
  uniModule) as typeof uniModule;

/** Writes the county's own app id (WECHAT_APP_ID) into the finished WeChat project. */
function wechatAppId(): Plugin {
  return {
    name: "wechat-app-id",
    closeBundle() {
      const id = process.env.WECHAT_APP_ID;
      const file = resolve(process.env.UNI_OUTPUT_DIR ?? "dist/build/mp-weixin", "project.config.json");
      if (!id || process.env.UNI_PLATFORM !== "mp-weixin" || !existsSync(file)) return;
      const project = JSON.parse(readFileSync(file, "utf8"));
      writeFileSync(file, JSON.stringify({ ...project, appid: id }, null, 2));
    },
  };
}

export default defineConfig({
  plugins: [uni(), wechatAppId()],
  define: {
    // WeChat has no eval: messages are interpreted, never compiled to functions.
    __INTLIFY_JIT_COMPILATION__: "true",
    __INTLIFY_DROP_MESSAGE_COMPILER__: "false",
    __VUE_I18N_FULL_INSTALL__: "false",
    __VUE_I18N_LEGACY_API__: "false",
    __VUE_I18N_PROD_DEVTOOLS__: "false",
  },
  server: { port: 8602, proxy: { "/api": "http://127.0.0.1:8600" } },
});
