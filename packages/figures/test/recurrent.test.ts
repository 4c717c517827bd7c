import { Generator } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { drawSequences } from "../src/tasks/first-symbol.js";
import { throughTime, units as statesEach } from "../src/tasks/gradient-through-time.js";
import { classes, FirstSymbolReader, symbols, units } from "../src/tasks/recurrent-networks.js";

describe("the gradient through time", () => {
  test("vanishes for a small W_hh, explodes for a large one, and arrives in between", () => {
    const first = (size: number): number => throughTime({ steps: 20, size }).gradients[0] ?? NaN;
    expect(first(0.7)).toBeLessThan(0.002);
    expect(first(1)).toBeGreaterThan(0.5);
    expect(first(1.5)).toBeGreaterThan(50);
  });

  test("is the size to the power of the distance where tanh is steep, and never more", () => {
    for (const size of [0.5, 0.7, 1, 1.5, 2]) {
      const { gradients, states } = throughTime({ steps: 15, size });
      expect([states.length, states[0]?.length, gradients.length]).toEqual([15, statesEach, 15]);
      expect(gradients.at(-1)).toBeCloseTo(1, 12);
      gradients.forEach((gradient, at) => {
        const share = gradient / size ** (14 - at);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
        expect(share).toBeGreaterThan(size < 1 ? 0.9 : 0);
      });
    }
  });
});

describe("a network that reads sequences", () => {
  const sequences = drawSequences(3, 6, new Generator(1));
  const numbers = sequences.toArray() as number[][];

  test("sequences begin with a symbol to remember, and go on with others", () => {
    expect(sequences.shape).toEqual([6, 3]);
    expect(numbers[0]?.every((symbol) => symbol < classes)).toBe(true);
    expect(numbers.slice(1).flat().every((symbol) => symbol >= classes && symbol < symbols.length)).toBe(true);
  });

  test("the cell and the output gate of an LSTM give its output", () => {
    const model = new FirstSymbolReader("LSTM", new Generator(1));
    const { output, cell } = model.inside(sequences);
    if (output === undefined || cell === undefined) throw new Error("an LSTM has an output gate and a cell");
    const logits = model.head.forward(output.mul(cell).select(0, -1));
    expect(model.forward(sequences).sub(logits).abs().max().item()).toBeLessThan(1e-6);
  });

  test("the gates of a GRU are those of its formula", () => {
    const model = new FirstSymbolReader("GRU", new Generator(1));
    const { reset, update, state } = Object.fromEntries(Object.entries(model.inside(sequences)).map(([name, values]) => [name, values.toArray() as number[][][]]));
    const [weights] = model.layer.weights.flat();
    const [fromInput, fromState, biasInput, biasState] = [weights?.weightIh, weights?.weightHh, weights?.biasIh, weights?.biasHh].map((each) => each?.value.toArray()) as [number[][], number[][], number[], number[]];
    const gate = (row: number, step: number, sequence: number): number => {
      const before = step === 0 ? [] : state?.[step - 1]?.[sequence] ?? [];
      const total = (fromInput[row]?.[numbers[step]?.[sequence] ?? NaN] ?? NaN) + (biasInput[row] ?? NaN) + (biasState[row] ?? NaN) + before.reduce((sum, value, at) => sum + value * (fromState[row]?.[at] ?? NaN), 0);
      return 1 / (1 + Math.exp(-total));
    };
    for (const [step, sequence, unit] of [[0, 0, 0], [3, 1, 5], [5, 2, units - 1]] as const) {
      expect(reset?.[step]?.[sequence]?.[unit]).toBeCloseTo(gate(unit, step, sequence), 5);
      expect(update?.[step]?.[sequence]?.[unit]).toBeCloseTo(gate(units + unit, step, sequence), 5);
    }
  });
});
