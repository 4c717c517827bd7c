import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvLine } from "@nn/data";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { names } from "../character-mlp/names.js";
import { sentences } from "../language-model/language.js";
import { drawReviews } from "../sentiment/reviews.js";
import { drawLoad } from "../series/load.js";
import { flats } from "../table-regression/flats.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nn-side-by-side-"));
  // The files that both programs of a kind read.
  const csv = (header: string, rows: readonly (readonly (string | number)[])[]): string => `${header}\n${rows.map((row) => csvLine(row)).join("")}`;
  writeFileSync(join(folder, "flats.csv"), flats(1000, 1));
  writeFileSync(join(folder, "names.txt"), names.join("\n"));
  writeFileSync(join(folder, "text.txt"), sentences.join(" ").slice(0, 8000));
  writeFileSync(join(folder, "reviews.csv"), csv("text,praises", drawReviews(2000, 1).map(({ text, praises }) => [text, Number(praises)])));
  writeFileSync(join(folder, "load.csv"), csv("load", (drawLoad(200, 1).toArray() as number[]).map((load) => [load])));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles a program from the sources of the packages. */
async function bundled(kind: string): Promise<string> {
  const outfile = join(folder, `${kind}.mjs`);
  const banner = { js: 'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);' };
  await build({ entryPoints: [join(import.meta.dirname, `${kind}.ts`)], outfile, bundle: true, format: "esm", platform: "node", conditions: ["@nn/source"], banner, logLevel: "error" });
  return outfile;
}

/** Runs a program, and returns the last line that it prints. */
async function run(program: string): Promise<string> {
  const child = spawn(process.execPath, [program], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  const [status] = (await once(child, "close")) as [number];
  expect({ status, errors }).toMatchObject({ status: 0 });
  return output.trim();
}

/** What the number is like that each program prints first. */
const isGood: Readonly<Record<string, (value: number) => boolean>> = {
  "character-gpt": () => true,
  "character-mlp": () => true,
  "cnn-with-checkpoint": (accuracy) => accuracy > 0.9,
  "dqn": (longest) => longest > 100,
  "ensemble": (accuracy) => accuracy > 0.75,
  "folds": (accuracy) => accuracy > 0.85,
  "gan": (loss) => loss > 0.1 && loss < 10,
  "moons": (accuracy) => accuracy > 0.9,
  "search": (loss) => loss < 0.3,
  "series": (loss) => loss < 0.3,
  "several-workers": (loss) => loss < 0.3,
  "table-regression": (error) => error < 0.2,
  "text-by-lstm": (accuracy) => accuracy > 0.9,
  "transfer": (accuracy) => accuracy > 0.5,
  "vae": (loss) => loss < 250,
};

test("every program is run", () => {
  const kinds = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".py"));
  expect(Object.keys(isGood).map((kind) => `${kind}.py`)).toEqual(kinds.toSorted());
});

test.each(Object.entries(isGood))("%s", async (kind, check) => {
  const program = await bundled(kind);
  const outputs = await Promise.all(Array.from({ length: kind === "several-workers" ? 2 : 1 }, () => run(program)));
  for (const output of outputs) {
    expect(output).toMatch(/^(name \.{3}[a-z]*\.|text ".{232}"|[a-z ]+ [\d.]+)/);
    expect({ output, isGood: check(Number(/[\d.]+/.exec(output)?.[0])) }).toEqual({ output, isGood: true });
  }
});
