import { describe, expect, it } from "vitest";
import { recordedModels } from "./reference/models/folder.js";
import { isQuick } from "./reference/models/file.js";

// Models with many parameters or layers are run by `npm run reference`; their names and shapes are compared here too.
describe("recorded models", () => {
  it.each(recordedModels().map(({ name, cases }) => [name, cases.filter(isQuick)] as const))("%s", (_, cases) => {
    const failed = cases.map(({ run, mode }) => ({ ...run(), mode })).filter(({ status }) => status !== "passed");
    expect(failed.map(({ id, mode, reasons }) => `${id}, ${mode}: ${reasons.join("; ")}`)).toEqual([]);
  });
});
