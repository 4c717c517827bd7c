import { tensor } from "@nn/tensor";
import type { EpochRecord } from "@nn/train";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Checkpoint } from "../src/checkpoint/checkpoint.js";
import { History } from "../src/fit/history.js";

type Values = { readonly training: object; readonly validation?: object };

const recordOf = (epoch: number, values: Values, learningRate: number | undefined = 0.1): EpochRecord<Values> => ({ epoch, step: 10 * epoch, values, learningRate, seconds: epoch / 7 });

/** What a process that continues finds in the checkpoint of a history, and the size of the file. */
function saved(records: readonly EpochRecord<Values>[]): { readonly records: readonly unknown[]; readonly bytes: number } {
  const history = new History<Values>();
  for (const record of records) history.add(record);
  let found: unknown;
  const bytes = new Checkpoint({ history: { stateDict: () => ({ all: history.save() }), loadStateDict: () => undefined } }).toBytes();
  new Checkpoint({ history: { stateDict: () => ({}), loadStateDict: (state) => void (found = state) } }).load(bytes);
  return { records: History.of<Values>(Object(found).all, records.length).records, bytes: bytes.length };
}

const number = fc.oneof(fc.double(), fc.constant(NaN), fc.constant(-0), fc.constant(Infinity));
const part = fc.dictionary(fc.string({ maxLength: 5 }), fc.oneof({ weight: 5, arbitrary: number }, fc.array(number, { maxLength: 3 }), fc.record({ a: number, b: number }), fc.constant(null), fc.constant("text")), { maxKeys: 3 });

test("a saved history has the bits of all records, whatever their values are", () => {
  fc.assert(fc.property(fc.array(fc.record({ training: part, validation: part }, { requiredKeys: ["training"] }), { maxLength: 8 }), (all) => {
    const records = all.map((values, at) => recordOf(at + 1, values));
    const found = saved(records).records;
    expect(found).toEqual(records);
    // As texts they are in the same order of names.
    expect(JSON.stringify(found)).toBe(JSON.stringify(records));
  }));
});

test("an optimizer without a rate, and values that come and go, are kept", () => {
  const records = [recordOf(1, { training: { loss: 1 } }, undefined), recordOf(2, { training: { loss: 1 }, validation: { loss: 2, each: [1, 2] } }), recordOf(3, { training: { loss: 1 }, validation: { loss: 2 } })];
  expect(saved(records).records).toEqual(records);
});

test("a checkpoint of a long run takes eight bytes for each number of an epoch", () => {
  const epoch = (at: number): EpochRecord<Values> => recordOf(at, { training: { loss: 1 / at, accuracy: 1 - 1 / at }, validation: { loss: 1 / at / 3, accuracy: at / 13_000 } });
  const sizeOf = (count: number): number => saved(Array.from({ length: count }, (_, at) => epoch(at + 1))).bytes;
  expect((sizeOf(12_000) - sizeOf(1000)) / 11_000).toBeLessThan(8 * 7 + 0.1);
});

test("a damaged history is refused", () => {
  const numbers = tensor([[1, 2]], { dtype: "float64" });
  for (const [all, epochs, message] of [
    [undefined, 0, "history of the checkpoint is undefined, expected the records of 0 epochs"],
    [[{ paths: [["step"], ["seconds"]], numbers }], 2, "expected the records of 2 epochs"],
    [[{ paths: [["step"]], numbers }], 1, "expected a table of numbers by name, or records"],
    [[{ paths: [[], ["a"]], numbers }], 1, "expected a table of numbers by name, or records"],
    [[{ paths: [["a"], ["b"]], numbers: tensor([[1, 2]]) }], 1, "expected a table of numbers by name, or records"],
    [[{ records: [3] }], 1, "expected a table of numbers by name, or records"],
  ] as const) expect(() => History.of(all, epochs)).toThrow(message);
});

test("is not changed by what is added after it was saved", () => {
  const history = new History<Values>();
  history.add(recordOf(1, { training: { loss: 1 } }));
  const before = history.save();
  history.add(recordOf(2, { training: { loss: 2 } }));
  expect(History.of(before, 1).records).toEqual([recordOf(1, { training: { loss: 1 } })]);
});
