import { describe, expect, it } from "vitest";
import { isQuick } from "./reference/models/file.js";
import { recordedModels } from "./reference/models/folder.js";

describe("recorded models with many parameters or layers", () => {
  const slow = recordedModels().flatMap(({ cases }) => cases.filter((one) => !isQuick(one)));

  it.each(slow.map((one) => [one.id, one.mode, one] as const))("%s, %s", (_, __, { run }) => {
    expect(run().reasons).toEqual([]);
  });
});
