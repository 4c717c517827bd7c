import { expect, it } from "vitest";
import { ConvNeXt, MLP } from "../../src/index.js";

// Wrong entries are found also where they are `undefined`.
it.each([
  [() => new ConvNeXt({ blockSetting: [[undefined, 8, 1]] as never }), "ConvNeXt: a stage of blockSetting has undefined, expected positive whole numbers"],
  [() => new ConvNeXt({ blockSetting: [[8, null, 0]] }), "ConvNeXt: a stage of blockSetting has 0, expected positive whole numbers"],
  [() => new ConvNeXt({ blockSetting: [] }), "ConvNeXt: blockSetting is empty, expected at least one stage"],
  [() => new MLP({ sizes: [2, undefined, 3] as never }), "MLP: sizes has undefined, expected positive whole numbers"],
])("sizes of architectures are counts: %#", (make, message) => {
  expect(make).toThrow(message);
});
