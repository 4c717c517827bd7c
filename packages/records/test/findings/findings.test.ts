import { findingsOf, histogramOf, type RunRecord } from "@nn/records";
import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";

const histogram = (name: string, values: readonly number[]): RunRecord => ({ type: "histogram", step: 5, time: 0, name, ...histogramOf(values) });
const scalars = (step: number, values: Readonly<Record<string, number>>): RunRecord => ({ type: "scalars", step, time: 0, values });
const textsOf = (records: readonly RunRecord[]): string[] => findingsOf(records).map(({ subject, text }) => `${subject}: ${text}`);

/** Values between ±size, none of them twice. */
const spread = (size: number): number[] => Array.from({ length: 40 }, (_, at) => size * Math.sin(at + 1));

describe("findingsOf", () => {
  it("finds nothing in a healthy run", () => {
    expect(findingsOf([
      histogram("weights/0.weight", spread(0.1)), histogram("gradients/0.weight", spread(0.01)), histogram("gradients/2.weight", spread(0.02)),
      histogram("activations/1", spread(2)), scalars(10, { "training.loss": 0.5, "validation.loss": 0.6, "update ratio/0.weight": 0.001 }),
    ])).toEqual([]);
  });

  it("counts dead units", () => {
    const record: RunRecord = { type: "histogram", step: 1, time: 0, name: "activations/3", ...histogramOf(tensor([[0, 0, 1], [0, 0, 2]]), { unitAxis: 1 }) };
    expect(textsOf([record])).toEqual(["3: 67 % of units dead: they are 0 for every example"]);
  });

  it("finds gradients that vanish and explode towards the input", () => {
    expect(textsOf([histogram("gradients/0.weight", spread(1e-6)), histogram("gradients/9.bias", spread(10)), histogram("gradients/9.weight", spread(0.02))]))
      .toEqual(["gradients: gradients vanish towards the input: those of 0.weight are 20,000 times smaller than those of 9.weight"]);
    expect(textsOf([histogram("gradients/0.weight", spread(50)), histogram("gradients/9.weight", spread(0.01))]))
      .toEqual(["gradients: gradients explode towards the input: those of 0.weight are 5,000 times larger than those of 9.weight"]);
    expect(textsOf([histogram("gradients/0.weight", [0, 0]), histogram("gradients/9.weight", [0])])).toEqual(["gradients: all gradients are 0"]);
  });

  it("finds saturated activations, and no others", () => {
    const saturated = Array.from({ length: 50 }, (_, at) => Math.tanh(at % 2 === 0 ? 8 : -8 + at / 50));
    expect(textsOf([histogram("activations/tanh", saturated)])).toEqual(["tanh: 100 % of activations are saturated: close to the limits of their function, where it has no slope"]);
    expect(textsOf([histogram("activations/tanh", spread(1))])).toEqual([]);
  });

  it("names values that are not finite", () => {
    expect(textsOf([histogram("weights/w", [1, NaN, Infinity])])).toEqual(["weights/w: 2 values are NaN or infinite"]);
    expect(textsOf([scalars(10, { "training.loss": 1 }), scalars(20, { "training.loss": NaN })])).toEqual(["training.loss: it is not finite from step 20 on"]);
  });

  it("finds steps that are too large or too small", () => {
    expect(textsOf([scalars(1, { "update ratio/a": 0.2, "update ratio/b": 3e-7, "update ratio/c": 0.002 })]))
      .toEqual(["a: one step changes the weights by 20 % of their size", "b: one step changes the weights by 3e-7 of their size: they hardly learn"]);
  });

  it("finds overfitting only if the training loss falls", () => {
    const losses = (training: readonly number[], validation: readonly number[]): RunRecord[] => training.map((value, at) => scalars(10 * at, { "training.loss": value, "validation.loss": validation[at] ?? NaN }));
    expect(textsOf(losses([1, 0.8, 0.5, 0.2], [1, 0.9, 1, 1.2]))).toEqual(["loss: the model overfits: since step 10 the validation loss has risen by 33 %, while the training loss falls"]);
    expect(textsOf(losses([1, 0.8, 0.9, 0.9], [1, 0.9, 1, 1.2]))).toEqual([]);
    expect(textsOf(losses([1, 0.8, 0.5, 0.2], [1, 0.9, 0.9, 0.92]))).toEqual([]);
  });

  it("refuses what is no record, with its position", () => {
    expect(() => findingsOf([scalars(1, {}), { type: "scalars", step: 2, time: 2 } as never])).toThrow("findingsOf: record 1: record.values is undefined, expected an object");
    expect(() => findingsOf([null as never])).toThrow("findingsOf: record 0: record is null, expected an object with a type");
  });
});
