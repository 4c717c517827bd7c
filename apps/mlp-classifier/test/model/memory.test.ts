import { expect, test } from "vitest";
import { buildNetwork, countParameters, type Architecture } from "../../src/model/architecture.js";
import { parametersOf, requireDataMemory, requireMemory } from "../../src/model/memory.js";

const architecture: Architecture = { features: 7, classes: 3, hidden: [5, 4], activation: "relu", dropout: 0.1, batchNorm: false, ensemble: 1 };

test.each(["relu", "prelu", "maxout"] as const)("counts parameters without building the network: %s", (activation) => {
  for (const more of [{}, { batchNorm: true }, { hidden: [] }]) {
    const each = { ...architecture, activation, ...more };
    expect(parametersOf(each)).toBe(countParameters(buildNetwork(each)));
  }
});

test("refuses a network whose training does not fit into memory, with the memory it takes", () => {
  // 10,001,200,003 parameters of 4 bytes: weight, gradient, two moments, best weight.
  expect(() => requireMemory({ ...architecture, hidden: [100_000, 100_000] }, { optimizer: "adam", keep: "best" }, 2 ** 33)).toThrowErrorMatchingInlineSnapshot(`[UsageFailure: --hidden 100000,100000 makes 10,001,200,003 parameters, whose training needs 186 GiB of memory; there are 8.0 GiB]`);
  expect(() => requireMemory(architecture, { optimizer: "sgd", keep: "last" }, 94 * 4 * 3)).not.toThrow();
  expect(() => requireMemory({ ...architecture, hidden: [] }, { optimizer: "sgd", keep: "last" }, 24 * 4 * 3 - 1)).toThrow(/24 parameters/);
});

test("refuses data that do not fit, with the columns that make them wide", () => {
  expect(() => requireDataMemory(100_000, 50_003, "Ignore columns with many categories with --ignore: name (50,000)", 2 ** 33)).toThrowErrorMatchingInlineSnapshot(`[UsageFailure: 100,000 examples of 50,003 features need 56 GiB of memory; there are 8.0 GiB. Ignore columns with many categories with --ignore: name (50,000)]`);
  expect(() => requireDataMemory(100, 10, "", 12_000)).not.toThrow();
});
