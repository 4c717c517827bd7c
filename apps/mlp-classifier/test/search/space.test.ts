import { expect, test } from "vitest";
import { parseSearched, settingsOfTrial, spaceOf } from "../../src/search/space.js";

const complaint = (text: string): string => {
  try {
    parseSearched(text);
    return "no error";
  } catch (error) {
    return String(error);
  }
};

test("ranges and values become parameters", () => {
  const searched = Object.fromEntries(["learningRate=log:1e-4..1e-1", "--dropout=0..0.5", "batch-size=log:16..128", "epochs=5..9", "hidden=none|64|64,32", "batchNorm=true|false", "wd=0|0.01"].map(parseSearched));
  expect(Object.keys(searched)).toEqual(["learningRate", "dropout", "batchSize", "epochs", "hidden", "batchNorm", "weightDecay"]);
  expect(spaceOf(searched)).toEqual({
    learningRate: expect.objectContaining({ low: 1e-4, high: 1e-1, log: true }), dropout: expect.objectContaining({ low: 0, high: 0.5 }),
    batchSize: expect.objectContaining({ low: 16, high: 128, log: true }), epochs: expect.objectContaining({ low: 5, high: 9 }),
    hidden: expect.objectContaining({ values: ["none", "64", "64,32"] }), batchNorm: expect.objectContaining({ values: ["true", "false"] }), weightDecay: expect.objectContaining({ values: ["0", "0.01"] }),
  });
});

test("the parameters of a trial become settings", () => {
  expect(settingsOfTrial({ learningRate: 0.02, hidden: "64,32", batchNorm: "true", weightDecay: "0.01", optimizer: "sgd" })).toEqual({
    learningRate: 0.02, hidden: [64, 32], batchNorm: true, weightDecay: 0.01, optimizer: "sgd",
  });
});

test("what is no range of a setting is refused with what is expected", () => {
  expect([
    "learningRate", "=3", "learningrat=1..2", "lr=0..1", "lr=log:1..0.5", "dropout=log:0..0.5", "dropout=0..1.5", "optimizer=adam|sgf", "optimizer=adam", "hidden=8|8", "seed=1..9", "target=a|b", "batchSize=1.5..3",
  ].map(complaint)).toMatchInlineSnapshot(`
    [
      "UsageFailure: --search is "learningRate", expected a setting and its values, such as learningRate=log:1e-4..1e-1, dropout=0..0.5 or activation=relu|tanh",
      "UsageFailure: --search is "=3", expected a setting and its values, such as learningRate=log:1e-4..1e-1, dropout=0..0.5 or activation=relu|tanh",
      "UsageFailure: --search learningrat=1..2: there is no setting "learningrat"; did you mean "learningRate"?",
      "UsageFailure: --search lr=0..1: --learning-rate is "0", expected a number above 0",
      "UsageFailure: --search lr=log:1..0.5: 1 is not below 0.5",
      "UsageFailure: --search dropout=log:0..0.5: a logarithmic range begins above 0",
      "UsageFailure: --search dropout=0..1.5: --dropout is "1.5", expected a number of at least 0 and below 1",
      "UsageFailure: --search optimizer=adam|sgf: --optimizer is "sgf", expected one of adam, adamw, sgd, rmsprop; did you mean "sgd"?",
      "UsageFailure: --search optimizer=adam: there is one value only; separate values with |, such as learningRate=log:1e-4..1e-1, dropout=0..0.5 or activation=relu|tanh",
      "UsageFailure: --search hidden=8|8: a value is there twice",
      "UsageFailure: --search seed=1..9: seed cannot be searched, so that the trials can be compared; set it with --seed",
      "UsageFailure: --search target=a|b: target cannot be searched, so that the trials can be compared; set it with --target",
      "UsageFailure: --search batchSize=1.5..3: --batch-size is "1.5", expected a whole number of at least 1",
    ]
  `);
});
