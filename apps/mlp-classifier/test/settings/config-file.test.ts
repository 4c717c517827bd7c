import { expect, test } from "vitest";
import { configText } from "../../src/settings/config-file.js";
import { parseSettings } from "../../src/settings/merge.js";
import { fallbacks, settingNames, settingOf } from "../../src/settings/settings.js";

const text = configText("nn-mlp train --config nn-mlp.jsonc");

test("the file has every setting with its default", () => {
  expect(parseSettings(text, "/x/nn-mlp.jsonc")).toEqual(fallbacks);
});

test("a line explains each", () => {
  for (const name of settingNames) {
    const [before, after] = text.split(`\n  "${name}": `);
    expect(before?.split("\n").at(-1)).toContain(settingOf(name).about);
    expect(after).toBeDefined();
  }
  expect(text.split("\n").slice(0, 16).join("\n")).toMatchInlineSnapshot(`
    "// The settings of a run, with their defaults: change them, or remove those that you do not need. A relative path is relative to the
    // folder of this file, and the command line takes precedence. To train with them:
    //
    //     nn-mlp train --config nn-mlp.jsonc
    {
      // Data

      // digits, mnist, fashionMnist, xor, blobs, moons, circles or spirals; a folder of IDX files, or with a folder of images for each class; or a CSV, JSON or Parquet file
      "data": "digits",

      // the column of a table that holds the class (null: none; a table needs it)
      "target": null,

      // columns of a table to ignore, comma-separated (null: none)
      "ignore": null,
    "
  `);
});

test("comments and a last comma may stay where settings are removed", () => {
  expect(parseSettings('// one\n{ /* two */ "epochs": 3, // three\n "data": "http://x", }', "/x/c.jsonc")).toEqual({ epochs: 3, data: "/x/http:/x" });
});
