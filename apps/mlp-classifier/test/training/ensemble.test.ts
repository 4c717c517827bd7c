import { Ensemble } from "@nn/train";
import { softmax } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import { buildNetwork, countParameters, logitsOf } from "../../src/model/architecture.js";
import { describeArchitecture } from "../../src/model/describe.js";
import { parametersOf } from "../../src/model/memory.js";
import { completeSettings, mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { Training } from "../../src/training/training.js";

async function trained(chosen: PartialSettings) {
  const settings = completeSettings(mergeSettings({ data: "moons", hidden: [6], epochs: 3, keep: "last", compile: false, ...chosen }), "table");
  const data = await loadData(settings);
  const training = new Training(data, settings);
  const { history } = await training.fit();
  training.network.eval();
  return { network: training.network, history, data };
}

describe("an ensemble", () => {
  test.each([
    ["with clipping", { optimizer: "sgd", learningRate: 0.1, clipNorm: 0.05 }], ["with adam and balanced classes", { optimizer: "adam", classWeights: "balanced", labelSmoothing: 0.1 }],
  ] as const satisfies readonly (readonly [string, PartialSettings])[])("trains each network as if it were alone: %s", async (_, chosen) => {
    const [alone, together] = [await trained(chosen), await trained({ ...chosen, ensemble: 3 })];
    if (!(together.network instanceof Ensemble)) throw new Error("expected an ensemble");
    const [first, second] = together.network.models;
    const own = alone.network.stateDict();
    for (const [name, weights] of Object.entries(first?.stateDict() ?? {})) {
      const [found, expected] = [[...weights.toTypedArray()], [...(own[name]?.toTypedArray() ?? [])]];
      expect(found.length).toBe(expected.length);
      found.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 4));
    }
    expect(second?.stateDict()["0.weight"]?.toArray()).not.toEqual(first?.stateDict()["0.weight"]?.toArray());
  });

  test("predicts by the mean of the probabilities; its epochs tell the mean of the losses and the accuracy of the mean", async () => {
    const { network, data, history } = await trained({ ensemble: 3 });
    if (!(network instanceof Ensemble)) throw new Error("expected an ensemble");
    const [x, y] = data.validation?.batch(Array.from({ length: data.validation.length }, (_, at) => at)) ?? [];
    if (x === undefined || y === undefined) throw new Error("expected validation examples");
    const members = network.models.map((model) => softmax(model.forward(x), 1).toArray() as number[][]);
    const mean = members[0]?.map((row, at) => row.map((_, label) => members.reduce((sum, rows) => sum + (rows[at]?.[label] ?? 0), 0) / 3)) ?? [];
    (softmax(logitsOf(network, x), 1).toArray() as number[][]).forEach((row, at) => row.forEach((value, label) => expect(value).toBeCloseTo(mean[at]?.[label] ?? -1, 5)));
    const labels = [...y.toTypedArray()];
    const last = history.at(-1)?.values.validation;
    expect(last?.accuracy).toBeCloseTo(mean.filter((row, at) => ((row[1] ?? 0) > (row[0] ?? 0) ? 1 : 0) === labels[at]).length / labels.length, 6);
    const losses = members.map((rows) => rows.reduce((sum, row, at) => sum - Math.log(row[labels[at] ?? 0] ?? 0), 0) / rows.length);
    expect(last?.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 3, 4);
  });

  test("has the parameters of all its networks", () => {
    const architecture = { features: 4, classes: 3, hidden: [5], activation: "relu", dropout: 0, batchNorm: false, ensemble: 4 } as const;
    expect(countParameters(buildNetwork(architecture))).toBe(parametersOf(architecture));
    expect(describeArchitecture(architecture)).toBe("4 x (4 → 5 relu → 3)");
  });
});
