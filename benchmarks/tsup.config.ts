import { defineConfig } from "tsup";

/** Each competitor's work stays a file of its own, so that its process loads nothing else. */
export default defineConfig({
  entry: ["src/main.ts", "src/search/main.ts", "src/competitor/child.ts", "src/ours/*.ts", "src/roofline/*.ts"],
  format: ["esm"],
  target: "es2022",
  clean: true,
});
