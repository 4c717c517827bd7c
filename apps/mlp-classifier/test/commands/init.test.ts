import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configText } from "../../src/settings/config-file.js";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);

test("init writes a file that train reads", async () => {
  const file = join(root, "mine.jsonc");
  expect(await call("init", file)).toEqual({ code: 0, out: "…/mine.jsonc is written. Change it, then train with:\n\n  nn-mlp train --config …/mine.jsonc\n", notes: "" });
  const text = await readFile(file, "utf8");
  expect(text).toBe(configText(`nn-mlp train --config ${file}`));
  await writeFile(file, text.replace('"data": "digits"', '"data": "xor"').replace('"epochs": null', '"epochs": 2'));
  const { code, out } = await call("train", "--config", file, "--no-compile", "--out", join(root, "run"), "--json", "--quiet");
  expect(code).toBe(0);
  expect(out).toContain('"event":"summary"');
});

test("init overwrites nothing unless told to", async () => {
  const file = join(root, "old.jsonc");
  await writeFile(file, "precious");
  expect(await call("init", file)).toEqual({ code: 2, out: "", notes: "error: …/old.jsonc exists already; overwrite it with --force, or name another file\n" });
  expect(await readFile(file, "utf8")).toBe("precious");
  expect(JSON.parse((await call("init", file, "--force", "--json")).out)).toEqual({ event: "written", file: "…/old.jsonc" });
  expect(await readFile(file, "utf8")).not.toBe("precious");
});

test("init does not write where it cannot", async () => {
  await mkdir(join(root, "folder"));
  expect([(await call("init", join(root, "folder"))).notes, (await call("init", join(root, "no", "file"))).notes, (await call("init", "")).notes]).toEqual([
    "error: …/folder is a folder; name a file in it, such as …/folder/nn-mlp.jsonc\n",
    "error: cannot write …/no/file: there is no such file or folder\n",
    "error: the name of the file is empty, expected a path such as nn-mlp.jsonc\n",
  ]);
});
