import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSafetensors } from "@nn/io";
import { tensor } from "@nn/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);
const run = join(root, "run");
const flowers = new URL("../fixtures/flowers.csv", import.meta.url).pathname;

beforeAll(async () => {
  const { code, notes } = await call("train", "--data", "xor", "--hidden", "4", "--epochs", "1", "--no-compile", "--out", run, "--quiet");
  if (code !== 0) throw new Error(notes);
});

describe("export", () => {
  test("writes beside the model, or where it is told to, and says what", async () => {
    const { code, out, notes } = await call("export", run, "--format", "js");
    expect([code, notes]).toEqual([0, ""]);
    expect(out.replace(/\d\.\d kB/, "… kB")).toBe("file     …/run/model.js, … kB\ninput    x, y (2 features)\nclasses  0, 1\nuse      import { predict } from it, in a page or a program\n");
    const page = JSON.parse((await call("export", join(run, "model.safetensors"), "--output", join(root, "xor.html"), "--json")).out) as { readonly bytes: number };
    expect(page).toEqual({ event: "exported", file: "…/xor.html", format: "html", bytes: (await readFile(join(root, "xor.html"))).length, model: "…/run/model.safetensors", classes: ["0", "1"] });
    expect(await readFile(join(root, "xor.html"), "utf8")).toMatch(/^<!doctype html>\n/);
    expect((await call("export", run, "--format", "onnx", "--output", join(root, "bytes.bin"))).code).toBe(0);
  });

  test("overwrites nothing unless told to, and never the model", async () => {
    const file = join(root, "old.js");
    await writeFile(file, "precious");
    expect(await call("export", run, "--output", file)).toEqual({ code: 2, out: "", notes: "error: …/old.js exists already; overwrite it with --force, or name another file\n" });
    expect(await readFile(file, "utf8")).toBe("precious");
    expect((await call("export", run, "--output", file, "--force")).code).toBe(0);
    expect(await readFile(file, "utf8")).toContain("export function predict(row)");
    const model = join(run, "model.safetensors");
    const before = await readFile(model);
    expect((await call("export", run, "--format", "js", "--output", model, "--force")).notes).toBe("error: --output …/run/model.safetensors is the model, which would be overwritten; choose another file\n");
    expect(await readFile(model)).toEqual(before);
  });

  test("refuses formats that do not fit, and files that are no model", async () => {
    await mkdir(join(root, "folder"));
    await writeFile(join(root, "text.safetensors"), "no model at all");
    await writeFile(join(root, "other.safetensors"), writeSafetensors({ weight: tensor([1]) }));
    const folds = join(root, "folds");
    expect((await call("train", "--data", flowers, "--target", "species", "--hidden", "4", "--epochs", "1", "--no-compile", "--folds", "2", "--folds-only", "--out", folds, "--quiet")).code).toBe(0);
    const told: string[] = [];
    for (const args of [
      [run], [run, "--format", "pdf"], [run, "--output", join(root, "x.txt")], [run, "--format", "js", "--output", join(root, "x.html")], [run, "--format", "js", "--output", join(root, "folder")], [run, "--format", "js", "--output", ""],
      [run, "--output", join(root, "no", "x.js")], [join(root, "missing"), "--format", "js"], [join(root, "folder"), "--format", "js"], [folds, "--format", "js"], [join(root, "text.safetensors"), "--format", "js"], [join(root, "other.safetensors"), "--format", "js"],
    ]) {
      const { code, out, notes } = await call("export", ...args);
      expect(out).toBe("");
      told.push(`${code} ${notes.trimEnd()}`);
    }
    expect(told).toMatchSnapshot();
    expect((await readdir(root)).filter((name) => name.startsWith("x."))).toEqual([]);
  });
});
