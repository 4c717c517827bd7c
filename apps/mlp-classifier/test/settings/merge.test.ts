import { describe, expect, test } from "vitest";
import { UsageFailure } from "../../src/failure.js";
import { completeSettings, mergeSettings, parseFlag, parseSettings } from "../../src/settings/merge.js";
import { fallbacks, settingNames, settingOf } from "../../src/settings/settings.js";

/** The message of the usage error that a function ends with. */
function complaint(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    if (error instanceof UsageFailure) return error.message;
    throw error;
  }
  throw new Error("expected a usage error");
}

describe("mergeSettings", () => {
  test("the command line overrides the file, and the file the defaults", () => {
    const merged = mergeSettings({ epochs: 3 }, { epochs: 5, seed: 7 });
    expect(merged).toMatchObject({ epochs: 3, seed: 7, hidden: fallbacks.hidden });
  });

  test("rates, momentum and decay depend on the optimizer", () => {
    const chosen = (optimizer: "adam" | "adamw" | "sgd" | "rmsprop"): unknown[] => {
      const { learningRate, momentum, weightDecay } = mergeSettings({ optimizer });
      return [learningRate, momentum, weightDecay];
    };
    expect(chosen("adam")).toEqual([0.001, null, 0]);
    expect(chosen("adamw")).toEqual([0.001, null, 0.01]);
    expect(chosen("sgd")).toEqual([0.05, 0.9, 0]);
    expect(chosen("rmsprop")).toEqual([0.001, 0, 0]);
    expect(mergeSettings({ optimizer: "sgd", learningRate: 0.3, momentum: 0 })).toMatchObject({ learningRate: 0.3, momentum: 0 });
  });

  test("the best weights are kept if there is a validation split", () => {
    expect([mergeSettings({}).keep, mergeSettings({ validationSplit: 0 }).keep, mergeSettings({ keep: "last" }).keep]).toEqual(["best", "last", "last"]);
  });

  test("epochs and batch size depend on the data", () => {
    expect(completeSettings(mergeSettings({}), "image")).toMatchObject({ epochs: 20, batchSize: 64 });
    expect(completeSettings(mergeSettings({}), "table")).toMatchObject({ epochs: 100, batchSize: 32 });
    expect(completeSettings(mergeSettings({ epochs: 2, batchSize: 8 }), "table")).toMatchObject({ epochs: 2, batchSize: 8 });
  });

  test("refuses settings that do not fit together", () => {
    expect([
      complaint(() => mergeSettings({ momentum: 0.5 })),
      complaint(() => mergeSettings({ validationSplit: 0, patience: 3 })),
      complaint(() => mergeSettings({ validationSplit: 0, schedule: "plateau" })),
      complaint(() => mergeSettings({ hidden: [], batchNorm: true })),
      complaint(() => mergeSettings({ hidden: [], dropout: 0.5 })),
      complaint(() => mergeSettings({ batchNorm: true, batchSize: 1 })),
      complaint(() => mergeSettings({ validationSplit: 0, keep: "best" })),
      complaint(() => mergeSettings({ compile: false, threads: 2 })),
    ]).toMatchInlineSnapshot(`
      [
        "--momentum does not apply to --optimizer adam, only to sgd and rmsprop",
        "--patience needs validation examples, but --validation-split is 0",
        "--schedule plateau needs validation examples, but --validation-split is 0",
        "--batch-norm needs a hidden layer, but --hidden is none",
        "--dropout needs a hidden layer, but --hidden is none",
        "--batch-norm needs a --batch-size of at least 2",
        "--keep best needs validation examples, but --validation-split is 0",
        "--threads applies to compiled steps only, but --no-compile is given",
      ]
    `);
  });
});

describe("parseSettings", () => {
  test("reads what the program writes", () => {
    const settings = completeSettings(mergeSettings({ optimizer: "sgd", hidden: [], seed: 4 }), "image");
    expect(mergeSettings(parseSettings(JSON.stringify(settings), "config.json"))).toEqual(settings);
  });

  test("a path is meant from the folder of the file, the name of a built-in data set is no path", () => {
    expect(parseSettings('{"data": "../flowers.csv"}', "/a/b/config.json").data).toBe("/a/flowers.csv");
    expect(parseSettings('{"data": "/x/flowers.csv"}', "/a/b/config.json").data).toBe("/x/flowers.csv");
    expect(parseSettings('{"data": "flowers.csv"}', "/a/b/config.json").data).toBe("/a/b/flowers.csv");
    expect(parseSettings('{"testData": "test"}', "/a/b/config.json").testData).toBe("/a/b/test");
    expect(parseSettings('{"data": "moons"}', "/a/b/config.json").data).toBe("moons");
    expect(parseSettings('{"data": "-"}', "/a/b/config.json").data).toBe("-");
  });

  test("reports what is wrong", () => {
    expect(complaint(() => parseSettings("{", "c.json"))).toMatch(/^c\.json is not JSON: /);
    expect([
      complaint(() => parseSettings("[1]", "c.json")),
      complaint(() => parseSettings('{"epoch": 3}', "c.json")),
      complaint(() => parseSettings('{"zzz": 3}', "c.json")),
      complaint(() => parseSettings('{"lr": 3}', "c.json")),
      complaint(() => parseSettings('{"optimizer": "adma"}', "c.json")),
      complaint(() => parseSettings('{"epochs": "3"}', "c.json")),
      complaint(() => parseSettings('{"hidden": [128, 0]}', "c.json")),
      complaint(() => parseSettings('{"activation": null}', "c.json")),
    ]).toMatchInlineSnapshot(`
      [
        "c.json is not a JSON object with settings such as "epochs"",
        "c.json has an unknown setting "epoch"; did you mean "epochs"?",
        "c.json has an unknown setting "zzz"; known are data, target, ignore, categorical, numeric, header, delimiter, comment, skipLines, numbers, dates, missing, imageSize, testData, testSplit, validationSplit, hidden, activation, dropout, batchNorm, ensemble, optimizer, learningRate, momentum, schedule, weightDecay, classWeights, labelSmoothing, clipNorm, epochs, batchSize, patience, keep, compile, threads, seed",
        "c.json has an unknown setting "lr"; did you mean "learningRate"?",
        "c.json: "optimizer" is "adma", expected one of adam, adamw, sgd, rmsprop; did you mean "adam"?",
        "c.json: "epochs" is "3", expected a whole number of at least 1",
        "c.json: "hidden" is [128,0], expected widths such as 128 or 128,64 (whole numbers of at least 1), or "none"",
        "c.json: "activation" is null, expected one of relu, leaky-relu, prelu, elu, gelu, silu, tanh, sigmoid, maxout",
      ]
    `);
  });
});

describe("parseFlag", () => {
  test.each([
    ["hidden", "128,64", [128, 64]],
    ["hidden", "none", []],
    ["learningRate", "1e-3", 0.001],
    ["dropout", ".5", 0.5],
    ["epochs", "12", 12],
    ["schedule", "one-cycle", "one-cycle"],
    ["data", "some/folder", "some/folder"],
  ] as const)("%s %s", (name, text, value) => {
    expect(parseFlag(name, text)).toEqual(value);
  });

  test("reports what is wrong", () => {
    const wrong = [
      ["hidden", "128,"], ["hidden", "0"], ["hidden", "1.5"], ["learningRate", "0"], ["learningRate", "fast"], ["learningRate", "0x10"], ["learningRate", ""],
      ["dropout", "1"], ["dropout", "-0.1"], ["epochs", "0"], ["epochs", "2.5"], ["testSplit", "0"], ["seed", "4294967296"], ["schedule", "cosin"], ["optimizer", "adma"], ["optimizer", "Adam"],
    ] as const;
    expect(wrong.map(([name, text]) => complaint(() => parseFlag(name, text)))).toMatchInlineSnapshot(`
      [
        "--hidden is "128,", expected widths such as 128 or 128,64 (whole numbers of at least 1), or "none"",
        "--hidden is "0", expected widths such as 128 or 128,64 (whole numbers of at least 1), or "none"",
        "--hidden is "1.5", expected widths such as 128 or 128,64 (whole numbers of at least 1), or "none"",
        "--learning-rate is "0", expected a number above 0",
        "--learning-rate is "fast", expected a number above 0",
        "--learning-rate is "0x10", expected a number above 0",
        "--learning-rate is "", expected a number above 0",
        "--dropout is "1", expected a number of at least 0 and below 1",
        "--dropout is "-0.1", expected a number of at least 0 and below 1",
        "--epochs is "0", expected a whole number of at least 1",
        "--epochs is "2.5", expected a whole number of at least 1",
        "--test-split is "0", expected a number above 0 and below 1",
        "--seed is "4294967296", expected a whole number from 0 to 4294967295",
        "--schedule is "cosin", expected one of constant, step, exponential, cosine, warmup-cosine, one-cycle, plateau; did you mean "cosine"?",
        "--optimizer is "adma", expected one of adam, adamw, sgd, rmsprop; did you mean "adam"?",
        "--optimizer is "Adam", expected one of adam, adamw, sgd, rmsprop; did you mean "adam"?",
      ]
    `);
  });
});

test.each(settingNames)("the fallback of %s is one of its values", (name) => {
  const { kind, fallback } = settingOf(name);
  expect(kind.fromJson(fallback)).toEqual(fallback);
});
