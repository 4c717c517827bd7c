import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsup";

/** Differs for different sources of the package that is built: programs that one build stored are not run by another (`build.ts` of some packages). */
function buildIdentity(): string {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).map((name) => join("src", name)).filter((path) => statSync(path).isFile());
  const hash = createHash("sha256");
  for (const path of ["package.json", ...files.toSorted()]) hash.update(`${path.replaceAll("\\", "/")}\0`).update(readFileSync(path)).update("\0");
  return hash.digest("hex").slice(0, 32);
}

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "es2022",
  tsconfig: "tsconfig.build.json",
  sourcemap: true,
  clean: true,
  define: { NN_BUILD: JSON.stringify(buildIdentity()) },
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
