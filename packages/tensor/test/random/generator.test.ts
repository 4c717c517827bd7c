import { describe, expect, test } from "vitest";
import { concat, defaultGenerator, Generator, manualSeed, Tensor, uniform } from "../../src/index.js";
import { eagerInterpreter, withInterpreter, type Interpreter } from "../../src/interpreter/index.js";

const bits = (generator: Generator, count: number): number[] => [...generator.randomBits([count], 32).toTypedArray()];

describe("Generator", () => {
  test("draws the published Philox4x32-10 sequence", () => {
    // Random123's known-answer vector for a key and a counter of zeros.
    expect(bits(new Generator(0), 4).map((word) => word >>> 0)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  test("the same seed gives the same sequence, other seeds give others", () => {
    expect(bits(new Generator(5), 64)).toEqual(bits(new Generator(5), 64));
    expect(bits(new Generator(5), 64)).not.toEqual(bits(new Generator(6), 64));
    expect(bits(new Generator(5), 64)).not.toEqual(bits(new Generator(5 + 2 ** 32), 64));
  });

  test("a draw advances by one block for every four numbers", () => {
    const generator = new Generator(1);
    for (const [count, position] of [[4, 1], [5, 3], [0, 3], [1, 4]] as const) {
      generator.randomBits([count], 24);
      expect(generator.stateDict()).toEqual({ seed: 1, counter: position });
    }
  });

  test("successive draws continue one sequence", () => {
    const split = new Generator(3);
    const parts = concat([split.randomBits([8], 32), split.randomBits([4], 32)]);
    expect(parts.toArray()).toEqual(new Generator(3).randomBits([12], 32).toArray());
  });

  test("draws depend on the number of elements, not on the shape", () => {
    const flat = uniform([12], { generator: new Generator(3) });
    expect(uniform([2, 3, 2], { generator: new Generator(3) }).toTypedArray()).toEqual(flat.toTypedArray());
  });

  test("its state continues the sequence after JSON, also beyond 2^32", () => {
    for (const counter of [7, 2 ** 32 - 1, 2 ** 40]) {
      const generator = new Generator(9);
      generator.loadStateDict({ seed: 9, counter });
      const state = JSON.parse(JSON.stringify(generator.stateDict())) as { seed: number; counter: number };
      const next = bits(generator, 16);
      const other = new Generator(0);
      other.loadStateDict(state);
      expect(bits(other, 16)).toEqual(next);
      expect(generator.stateDict().counter).toBe(counter + 4);
    }
  });

  test("the carry into the upper word of the counter is not lost", () => {
    const across = new Generator(9);
    across.loadStateDict({ seed: 9, counter: 2 ** 32 - 1 });
    const behind = new Generator(9);
    behind.loadStateDict({ seed: 9, counter: 2 ** 32 });
    expect(bits(across, 8).slice(4)).toEqual(bits(behind, 4));
  });

  test("the position advances when a draw is executed, not when it is recorded", () => {
    const recorded: (() => unknown)[] = [];
    const below = eagerInterpreter();
    const recorder: Interpreter = {
      below,
      bind: (application) => {
        if ("callback" in application.attributes) recorded.push(application.attributes.callback);
        return new Tensor(application.type.shape, application.type.dtype, new Int32Array(application.type.shape.reduce((a, b) => a * b, 1)));
      },
      read: (variable) => below.read(variable),
      write: (variable, value) => below.write(variable, value),
      guard: (read) => read(),
    };
    const generator = new Generator(4);
    withInterpreter(recorder, () => generator.randomBits([8], 32));
    expect(generator.stateDict().counter).toBe(0);
    expect(recorded.map((callback) => callback())).toEqual([[4, 0, 0, 0]]);
    expect(recorded.map((callback) => callback())).toEqual([[4, 0, 2, 0]]);
  });

  test("manualSeed restarts the default generator", () => {
    manualSeed(11);
    const first = uniform([5]).toArray();
    expect(defaultGenerator().stateDict()).toEqual({ seed: 11, counter: 2 });
    expect(uniform([5]).toArray()).not.toEqual(first);
    manualSeed(11);
    expect(uniform([5]).toArray()).toEqual(first);
    expect(uniform([5], { generator: new Generator(11) }).toArray()).toEqual(first);
  });

  test("bits are taken from the top of a word", () => {
    const words = bits(new Generator(2), 100);
    expect([...new Generator(2).randomBits([100], 5).toTypedArray()]).toEqual(words.map((word) => word >>> 27));
  });

  test.each([-1, 0.5, NaN, 2 ** 53])("refuses the seed %d", (seed) => {
    expect(() => new Generator(seed)).toThrow(`Generator: seed is ${seed}, expected a whole number from 0 to 2^53 - 1`);
  });

  test("refuses counts of bits outside 1 to 32", () => {
    expect(() => new Generator(1).randomBits([1], 33)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Generator: 33 random bits, expected 1 to 32]`);
    expect(() => new Generator(1).randomBits([1], 0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Generator: 0 random bits, expected 1 to 32]`);
  });
});

test("refuses invalid states", () => {
  const generator = new Generator(1);
  for (const state of [null, 3, "1", {}, { seed: 1 }, { seed: 1, counter: -1 }, { seed: Symbol("s"), counter: 0 }]) {
    expect(() => generator.loadStateDict(state as never)).toThrow(/^Generator.loadStateDict: (seed|counter) is .*, expected a whole number from 0 to 2\^53 - 1$/);
  }
  expect(() => manualSeed("1" as never)).toThrow('manualSeed: seed is the string "1", expected a whole number from 0 to 2^53 - 1');
  expect(generator.stateDict()).toEqual({ seed: 1, counter: 0 });
});
