import { defineConfig } from "tsup";

/** Each contestant's work stays a file of its own, so that its process loads nothing else. */
export default defineConfig({
  entry: ["src/main.ts", "src/contestant/child.ts", "src/ours/*.ts", "src/machine/*.ts"],
  format: ["esm"],
  target: "es2022",
  clean: true,
});
