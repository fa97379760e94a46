import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/testing.ts"],
  format: "esm",
  target: "es2023",
  platform: "neutral",
  clean: true,
  dts: false,
});
