import { describe, expect, it } from "vitest";
import { recordedModels } from "./reference/models/folder.js";
import { isQuick } from "./reference/models/file.js";

/** Recorded models that the package does not have. They are listed so that a missing model cannot go unnoticed. */
const unknown: readonly string[] = ["BertForMaskedLM", "BertForSequenceClassification", "BertModel", "gpt2", "llama", "transformer"];

// Models with many parameters or layers are run by models.slow.ts; their names and shapes are compared here too.
describe("recorded models", () => {
  const files = recordedModels();

  it.each(files.map(({ name, cases }) => [name, cases.filter(isQuick)] as const))("%s", (_, cases) => {
    const failed = cases.map(({ run, mode }) => ({ ...run(), mode })).filter(({ status, target }) => status !== "passed" && !(status === "unknown" && unknown.includes(target)));
    expect(failed.map(({ id, mode, reasons }) => `${id}, ${mode}: ${reasons.join("; ")}`)).toEqual([]);
  });

  it("are all mapped, but for those that are listed", () => {
    const targets = files.flatMap(({ cases }) => cases.filter(({ size }) => size === 0).map(({ run }) => run())).filter(({ status }) => status === "unknown").map(({ target }) => target);
    expect([...new Set(targets)].toSorted()).toEqual(unknown);
  });
});
