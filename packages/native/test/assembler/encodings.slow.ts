import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { samples } from "./samples.js";

const hasBinutils = process.arch === "x64" && spawnSync("as", ["--version"]).status === 0;

/** The bytes that the GNU assembler gives each sample, which it aligns to 32 bytes. */
function assembled(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "nn-as-"));
  try {
    const object = join(folder, "samples.o");
    const source = join(folder, "samples.s");
    const listing = join(folder, "samples.lst");
    writeFileSync(source, [".intel_syntax noprefix", ...samples.map(({ text }) => text), ""].join("\n"));
    writeFileSync(listing, execFileSync("as", ["-aln", "--listing-lhs-width=8", "-o", object, source]));
    const bytes = new Map<number, string>();
    for (const line of readFileSync(listing, "utf8").split("\n")) {
      const found = /^\s*(\d+)\s+(?:[0-9a-f]{4}\s+)?((?:[0-9A-F]{2,8}\s*)+)(?:\s|$)/.exec(line);
      if (found !== null) bytes.set(Number(found[1]), (bytes.get(Number(found[1])) ?? "") + (found[2] ?? "").replaceAll(/\s/g, "").toLowerCase());
    }
    return Object.fromEntries(samples.map(({ text }, at) => [text, bytes.get(at + 2) ?? ""]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.skipIf(!hasBinutils)("the recorded encodings are those of the GNU assembler; with `--update`, this test records them", async () => {
  await expect(`${JSON.stringify(assembled(), undefined, 1)}\n`).toMatchFileSnapshot("encodings.json");
});
