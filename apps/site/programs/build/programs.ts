import { build } from "esbuild";
import { basename } from "node:path";
import { transform } from "../../../../tests/examples/transform.js";
import type { BrowserPackages } from "./packages.js";

/** Compiles the programs of the pages to modules, by their names. What their comments promise is compared while they run. */
export async function compilePrograms(programs: ReadonlyMap<string, string>, { entries }: BrowserPackages): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [...programs.keys()].map((id) => ({ in: `program:${id}`, out: id })),
    outdir: "programs",
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
    tsconfigRaw: {},
    plugins: [{
      name: "programs",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^program:/ }, ({ path }) => ({ path: path.slice("program:".length), namespace: "program" }));
        onResolve({ filter: /^@nn\// }, ({ path }) => ({ path: `../packages/${entries.get(path) ?? path}`, external: true }));
        onResolve({ filter: /^\.\.\/runtime\.js$/ }, ({ path }) => ({ path, external: true }));
        onLoad({ filter: /.*/, namespace: "program" }, ({ path: id }) => {
          const lines = (programs.get(id) ?? "").split("\n");
          return { contents: transform({ file: id, blocks: [{ line: 1, lines }], runs: true }, "../runtime.js"), loader: "ts" };
        });
      },
    }],
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}
