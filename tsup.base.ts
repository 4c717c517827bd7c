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
    {
      // A class that mentions itself becomes `var Table = class _Table`, and that name would be printed.
      name: "class-names",
      renderChunk: (code) => {
        const names = Array.from(code.matchAll(/^var (\w+) = class _\1\b/gm), ([, name]) => name);
        return { code: names.length === 0 ? code : code.replace(new RegExp(`\\b_(?=(?:${names.join("|")})\\b)`, "g"), "") };
      },
    },
  ],
});
