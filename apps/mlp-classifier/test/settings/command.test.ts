import { expect, test } from "vitest";
import { commandFor } from "../../src/settings/command.js";
import { completeSettings, mergeSettings, type PartialSettings } from "../../src/settings/merge.js";

const command = (settings: PartialSettings): string => commandFor(completeSettings(mergeSettings(settings), "image"));

test("contains what differs from the defaults, and what depends on the data", () => {
  expect(command({})).toBe("nn-mlp train --epochs 20 --batch-size 64");
  expect(command({ optimizer: "sgd", hidden: [64, 32], batchNorm: true })).toBe("nn-mlp train --hidden 64,32 --batch-norm --optimizer sgd --epochs 20 --batch-size 64");
  expect(command({ hidden: [], momentum: 0.5, optimizer: "sgd" })).toContain("--hidden none --optimizer sgd --momentum 0.5");
});

test("quotes what a shell would split", () => {
  expect(command({ data: "/my data/it's.csv", target: "kind of flower" })).toContain(String.raw`--data '/my data/it'\''s.csv' --target 'kind of flower'`);
});
