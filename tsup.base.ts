import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  tsconfig: "tsconfig.build.json",
  sourcemap: true,
  clean: true,
  plugins: [
    {
      // An entry imports chunks that it takes nothing from, to run them first. They have no side effects, and bundlers of users warn of such imports.
      name: "no-bare-chunk-imports",
      renderChunk: (code) => ({ code: code.replace(/^import "\.\/chunk-\w+\.js";$/gm, "") }),
    },
  ],
});
