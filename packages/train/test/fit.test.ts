import { Accuracy } from "@nn/metrics";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { earlyStopping, evaluator, fit, trainStep, type Plugin, type ValuesWith } from "@nn/train";
import { expect, test } from "vitest";
import { task } from "./tasks.js";

const usual = () => {
  const { model, batches, validation } = task();
  return { model, loss: crossEntropy, optimizer: new Adam(model.parameters(), { learningRate: 0.05 }), batches, validation, epochs: 2, metrics: { accuracy: new Accuracy() }, compile: false } as const;
};

test("events come in order", async () => {
  const types: string[] = [];
  const training = fit({ ...usual(), readEvery: 3 });
  for await (const { type } of training) types.push(type);
  const epoch = ["step", "step", "step", "progress", "step", "evaluating", "evaluation", "epoch"];
  expect(types).toEqual(["start", ...epoch, ...epoch, "ending", "end"]);
  expect(await training).toMatchObject({ outcome: "completed", steps: 8, reason: undefined });
});

test("values have the given names, and their types", async () => {
  const { history } = await fit(usual());
  const [record] = history;
  const accuracy: number | undefined = record?.values.validation.accuracy;
  expect([typeof accuracy, Object.keys(record?.values.training ?? {})]).toEqual(["number", ["loss", "accuracy"]]);
});

test("a misspelt value to monitor does not compile, and is refused before the first step", async () => {
  // @ts-expect-error -- there is no such value
  expect(() => fit({ ...usual(), plugins: [earlyStopping({ monitor: "validation.los" })] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: the plugin "earlyStopping": the run has no value "validation.los"; did you mean "validation.loss"?]`);
  // @ts-expect-error -- there is no such value
  expect(() => fit({ ...usual(), monitor: "training.acuracy" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: monitor: the run has no value "training.acuracy"; did you mean "training.accuracy"?]`);
  const { validation: _, ...without } = usual();
  // @ts-expect-error -- there is no validation
  expect(() => fit({ ...without, plugins: [earlyStopping({ monitor: "validation.loss" })] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fit: the plugin "earlyStopping": the run has no value "validation.loss"; it has no evaluation]`);
});

test("where there may be a validation, its values may be missing", async () => {
  const { validation, ...others } = usual();
  const measured = async (given: typeof validation | undefined): Promise<number | undefined> => {
    const { history } = await fit({ ...others, validation: given });
    // @ts-expect-error -- there may be none
    expect(() => history[0]?.values.validation.loss).toBeDefined();
    return history[0]?.values.validation?.loss;
  };
  expect([typeof (await measured(validation)), await measured(undefined)]).toEqual(["number", undefined]);
});

test("types follow from the step and the evaluation", async () => {
  const { model, batches, validation } = task();
  const optimizer = new Adam(model.parameters(), { learningRate: 0.05 });
  const step = trainStep(model, crossEntropy, optimizer, { metrics: { accuracy: new Accuracy() }, compile: false });
  const evaluate = evaluator(model, validation, { loss: crossEntropy, top: new Accuracy() }, { compile: false });
  const { history, best } = await fit({
    model, optimizer, batches, epochs: 1, step, evaluate,
    plugins: [earlyStopping({ monitor: "validation.top" }), earlyStoppingOf("training.accuracy")], monitor: "validation.top",
  });
  const values: readonly (number | undefined)[] = [history[0]?.values.training.accuracy, history[0]?.values.training.loss, best?.values.validation.top];
  expect(values.every((value) => typeof value === "number")).toBe(true);
});

/** Another plugin that needs a value. */
function earlyStoppingOf<const Name extends string>(monitor: Name): Plugin<ValuesWith<Name>> {
  return { name: "other", monitors: [monitor] };
}
