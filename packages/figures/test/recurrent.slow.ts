import { describe, expect, test } from "vitest";
import { firstSymbol } from "../src/tasks/first-symbol.js";
import { classes, kinds, units } from "../src/tasks/recurrent-networks.js";
import { trained } from "./trained.js";

describe("a network that reads sequences", () => {
  test("20 symbols later, an LSTM and a GRU know the first one, and a plain network does not", () => {
    const { steps, networks, sequences: shown } = trained(firstSymbol({ length: 20 }), 200);
    const [plain = NaN, gru = NaN, lstm = NaN] = kinds.map((kind) => networks[kind].accuracies.at(-1));
    expect(steps).toBe(200);
    expect(plain).toBeLessThan(0.7);
    expect(gru).toBeGreaterThan(0.95);
    expect(lstm).toBeGreaterThan(0.95);
    // The sequences that are shown differ in their first symbol, which the LSTM names.
    expect(shown.map((sequence) => sequence.charAt(0))).toEqual(["A", "B", "C", "D"]);
    expect(new Set(shown.map((sequence) => sequence.slice(1))).size).toBe(1);
    expect(networks.LSTM.answers.map((answer) => answer.indexOf(Math.max(...answer)))).toEqual([0, 1, 2, 3]);
    expect(networks.LSTM.inside.map(({ name, values }) => [name, values.length, values[0]?.length, values[0]?.[0]?.length])).toEqual(["input", "forget", "output", "cell"].map((name) => [name, classes, 20, units]));
  });

  test("5 symbols are short enough for a plain network", () => {
    expect(trained(firstSymbol({ length: 5 }), 200).networks.RNN.accuracies.at(-1)).toBeGreaterThan(0.95);
  });
});
