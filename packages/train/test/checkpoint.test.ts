import { Linear } from "@nn/layers";
import { writeSafetensors } from "@nn/io";
import { Adam } from "@nn/optim";
import { Generator, tensor } from "@nn/tensor";
import { Checkpoint, CheckpointError, memoryStorage, type Stateful } from "@nn/train";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsOf } from "./tasks.js";

/** An object whose state is a value. */
function holder<T>(state: T): Stateful & { state: T } {
  return {
    state,
    stateDict() {
      return this.state;
    },
    loadStateDict(saved) {
      this.state = saved as T;
    },
  };
}

const throughFile = (state: unknown): unknown => {
  const target = holder<unknown>(undefined);
  new Checkpoint({ it: target }).load(new Checkpoint({ it: holder(state) }).toBytes());
  return target.state;
};

describe("states come back as they were", () => {
  const key = fc.oneof(fc.string(), fc.constantFrom("$tensor", "$number", "$", "$$", "__proto__", "a.b", "0"));
  const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)),
    value: fc.oneof({ depthSize: "small" }, tie("leaf"), fc.array(tie("value"), { maxLength: 3 }), fc.array(fc.tuple(key, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries))),
  }));

  test("plain values of all kinds", () => {
    fc.assert(fc.property(value, (state) => {
      expect(throughFile({ state })).toStrictEqual({ state });
    }));
  });

  test("tensors of every dtype, to the bit, also if names collide", () => {
    const state = {
      "a.b": tensor([1.5, Number.NaN, -0]), a: { b: tensor([2], { dtype: "float64" }) }, c: [tensor([true, false]), { $tensor: tensor([[7, -8]], { dtype: "int32" }) }], d: undefined,
    };
    const found = throughFile(state) as typeof state;
    const [first, second, third, fourth] = [found["a.b"], found.a.b, found.c[0] as typeof found.a.b, (found.c[1] as { $tensor: typeof found.a.b }).$tensor];
    expect([first, second, third, fourth].map((each) => [each.dtype, each.shape, [...each.toTypedArray()]])).toEqual([
      ["float32", [3], [1.5, Number.NaN, -0]], ["float64", [1], [2]], ["bool", [2], [1, 0]], ["int32", [1, 2], [7, -8]],
    ]);
    expect("d" in found).toBe(false);
  });

  test("a tensor that occurs twice is stored once", () => {
    const one = tensor(new Array<number>(1000).fill(1));
    const size = (state: unknown): number => new Checkpoint({ it: holder(state) }).toBytes().length;
    expect(size([one, one]) - size([one])).toBeLessThan(100);
  });
});

test("refuses values that are no state, with their path", () => {
  const complaint = (state: unknown): string => {
    try {
      new Checkpoint({ it: holder(state) }).toBytes();
    } catch (error) {
      if (error instanceof CheckpointError) return error.message;
    }
    throw new Error("expected a CheckpointError");
  };
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  expect([{ when: new Date(0) }, [1, () => 1], { map: new Map() }, { big: 1n }, circle].map((state) => complaint(state).slice(0, 110))).toMatchInlineSnapshot(`
    [
      "Checkpoint.toBytes: the state "it.when" is a value of class Date, expected tensors, strings, numbers, booleans",
      "Checkpoint.toBytes: the state "it.1" is a function, expected tensors, strings, numbers, booleans, null, and ar",
      "Checkpoint.toBytes: the state "it.map" is a value of class Map, expected tensors, strings, numbers, booleans, ",
      "Checkpoint.toBytes: the state "it.big" is the bigint 1n, expected tensors, strings, numbers, booleans, null, a",
      "Checkpoint.toBytes: the state is nested more than 100 levels deep, or contains itself ("it.self.self.self.self",
    ]
  `);
});

const objects = (seed: number) => {
  const model = new Linear(2, 3, { bias: true });
  model.weight.value = tensor([[seed, 2], [3, 4], [5, seed]]);
  return { model, optimizer: new Adam(model.parameters(), { learningRate: 0.1 }), generator: new Generator(seed) };
};

test("refuses damaged files, and changes nothing", () => {
  const bytes = new Checkpoint(objects(1)).toBytes();
  const target = objects(2);
  const checkpoint = new Checkpoint(target);
  const before = checkpoint.toBytes();
  // Every bit counts: those of the header too, of names, shapes and blanks.
  const damaged = bytes.slice();
  for (let at = 0; at < 8 * bytes.length; at++) {
    const [byte, bit] = [at >> 3, 1 << (at & 7)];
    damaged[byte] = (damaged[byte] ?? 0) ^ bit;
    expect(() => checkpoint.load(damaged)).toThrow(CheckpointError);
    damaged[byte] = (damaged[byte] ?? 0) ^ bit;
  }
  fc.assert(fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
    expect(() => checkpoint.load(bytes.subarray(0, length))).toThrow(CheckpointError);
  }), { numRuns: 50 });
  expect(checkpoint.toBytes()).toEqual(before);
  checkpoint.load(bytes);
  expect(checkpoint.toBytes()).toEqual(bytes);
});

test("if one object refuses its state, all keep theirs", () => {
  const saved = new Checkpoint({ ...objects(1), last: holder(1) }).toBytes();
  const target = objects(2);
  const refusing: Stateful = {
    stateDict: () => 0,
    loadStateDict: () => {
      throw new TypeError("not this one");
    },
  };
  const before = [bitsOf(target.model.stateDict()), target.generator.stateDict()];
  expect(() => new Checkpoint({ ...target, last: refusing }).load(saved, { name: "runs/a" })).toThrowErrorMatchingInlineSnapshot(`[CheckpointError: runs/a: the checkpoint does not fit "last": not this one]`);
  expect([bitsOf(target.model.stateDict()), target.generator.stateDict()]).toEqual(before);
});

test("refuses files that are no checkpoint, and checkpoints of other objects", () => {
  const { model, optimizer, generator } = objects(1);
  const checkpoint = new Checkpoint({ model, optimizer });
  expect(() => checkpoint.load(writeSafetensors(model.stateDict()), { name: "model.safetensors" })).toThrowErrorMatchingInlineSnapshot(`[CheckpointError: model.safetensors: it is a safetensors file, but not a checkpoint; load the weights in it with model.loadStateDict(...)]`);
  expect(() => checkpoint.load(new TextEncoder().encode("hello"))).toThrow(CheckpointError);
  const other = new Checkpoint({ model, generator }).toBytes();
  expect(() => checkpoint.load(other)).toThrowErrorMatchingInlineSnapshot(`[CheckpointError: checkpoint: the checkpoint does not fit: it has no state of "optimizer", and it has a state of "generator", which there is not here (load and restore accept that with strict: false)]`);
  generator.randomBits([4], 8);
  checkpoint.load(other, { strict: false });
  expect(() => checkpoint.load(new Checkpoint({ model: new Linear(4, 3), optimizer }).toBytes())).toThrow(/^checkpoint: the checkpoint does not fit "model"/);
});

test("a storage keeps checkpoints under their names", async () => {
  const storage = memoryStorage();
  const target = objects(3);
  const checkpoint = new Checkpoint(target);
  expect(await checkpoint.restore(storage)).toBe(false);
  await checkpoint.save(storage);
  const expected = bitsOf(target.model.stateDict());
  target.model.weight.value = tensor([[0, 0], [0, 0], [0, 0]]);
  await checkpoint.save(storage, "other");
  expect(await checkpoint.restore(storage)).toBe(true);
  expect(bitsOf(target.model.stateDict())).toEqual(expected);
  expect([...await storage.list()].toSorted()).toEqual(["checkpoint.safetensors", "other"]);
  await storage.remove("other");
  expect(await checkpoint.restore(storage, "other")).toBe(false);
});

test("a blob holds the same bytes", async () => {
  const checkpoint = new Checkpoint(objects(4));
  expect(new Uint8Array(await checkpoint.toBlob().arrayBuffer())).toEqual(checkpoint.toBytes());
});
