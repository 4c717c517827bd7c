import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { expect, it } from "vitest";

it("can be bundled for browsers, without modules of Node", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    await build({
      config: false, entry: [fileURLToPath(new URL("../src/index.ts", import.meta.url))], outDir: folder, format: "esm", platform: "browser", silent: true,
      tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)), noExternal: [/.*/],
      esbuildOptions: (options) => {
        options.conditions = ["@nn/source", "browser"];
      },
    });
    const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    const bundle = (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
    expect(bundle).toContain("readCsvFile");
    // Parquet has an entry of its own.
    expect(bundle).not.toContain("parquetMetadata");
    expect(bundle).not.toMatch(/(from|import|require)\s*\(?\s*["'](node:|fs|stream|buffer|zlib|path|crypto)/);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 30_000);
