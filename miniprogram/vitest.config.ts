import { resolve } from "node:path";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  define: { "process.env.UNI_PLATFORM": JSON.stringify("h5") },
  resolve: { alias: { "@": resolve(__dirname, "src") } },
  test: { environment: "jsdom", include: ["tests/**/*.test.ts"] },
});
