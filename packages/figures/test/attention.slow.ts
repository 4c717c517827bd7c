import { tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { characterGpt, knownWords, sentencesEach, temperatures } from "../src/tasks/character-gpt.js";
import { maskedWords } from "../src/tasks/masked-words.js";
import { NetworkCopy } from "../src/tasks/network-copy.js";
import { readList, solutions, Sorter, type ListReading, type SorterSettings } from "../src/tasks/sorter-network.js";
import { sorter, type SorterView } from "../src/tasks/sorter.js";
import { toyTexts } from "../src/tasks/toy-texts.js";
import { guessWord, WordGuesser, type WordGuesserSettings } from "../src/tasks/word-guesser.js";
import { trained } from "./trained.js";

const largestAt = (row: readonly number[]): number => row.indexOf(Math.max(...row));
const total = (row: readonly number[]): number => row.reduce((sum, value) => sum + value, 0);

describe("a transformer that learns lists", () => {
  const list = [3, 8, 1, 6, 0, 4];
  const sorted = (settings: Partial<SorterSettings>, steps: number): SorterView => trained(sorter({ exercise: "sort", positions: true, causal: false, ...settings }), steps);
  /** What the copy in the page reads. */
  const reading = (view: SorterView): ListReading => readList(new NetworkCopy((settings: SorterSettings) => new Sorter(settings)).of(view), list);

  test.each([["sort", 200], ["reverse", 60]] as const)("learns to %s, and looks where it has to", (exercise, steps) => {
    const view = sorted({ exercise }, steps);
    expect(view.accuracy).toBeGreaterThan(0.9);
    const { weights, probabilities } = reading(view);
    const [solution = []] = solutions[exercise](tensor([list])).toArray() as number[][];
    expect(probabilities.map(largestAt)).toEqual(solution);
    expect(weights.map(largestAt)).toEqual(solution.map((digit) => list.indexOf(digit)));
  });

  test("without positions no place knows which one it is", () => {
    const view = sorted({ exercise: "reverse", positions: false }, 80);
    expect(view.accuracy).toBeLessThan(0.1);
    expect(view.loss).toBeGreaterThan(1.5);
  });

  test("behind a causal mask no place looks at what comes later, and half of a reversed list is right", () => {
    const { weights, probabilities } = reading(sorted({ exercise: "reverse", causal: true }, 150));
    weights.forEach((row, at) => {
      expect(row.slice(at + 1).every((weight) => weight === 0)).toBe(true);
      expect(total(row)).toBeCloseTo(1, 5);
    });
    expect(probabilities.map(largestAt).slice(3)).toEqual([1, 8, 3]);
    expect(probabilities.map((row) => row[0] ?? NaN).slice(0, 2)).toEqual([0, 0]);
  });
});

describe("a small GPT", () => {
  test("writes words of its text after it has learned, and hardly any before", () => {
    const task = characterGpt({ text: toyTexts.en });
    const known = (): readonly number[] => (task.view().written.at(-1)?.texts ?? []).map((sentences) => knownWords(sentences, toyTexts.en));
    expect(total(known())).toBeLessThan(0.5);
    const { loss, written, steps } = trained(task, 200);
    expect(steps).toBe(200);
    expect(loss).toBeLessThan(0.5);
    expect(known()[0]).toBeGreaterThan(0.85);
    // A high temperature makes mistakes.
    expect(known().at(-1)).toBeLessThan(0.7);
    expect(written.map((each) => each.steps)).toEqual([0, 25, 50, 100, 200]);
    expect(written.every(({ texts }) => texts.length === temperatures.length && texts.every((sentences) => sentences.length === sentencesEach))).toBe(true);
  });

  test("learns any text", () => {
    const task = characterGpt({ text: "가나 다라.\n🙂 마바" });
    expect(task.view().characters).toBe(new Set("가나 다라.\n🙂마바").size);
    expect(trained(task, 1).loss).toBeGreaterThan(1);
  });
});

describe("a small BERT", () => {
  const guesser = (settings: WordGuesserSettings, steps: number) => {
    const model = new NetworkCopy((given: WordGuesserSettings) => new WordGuesser(given)).of(trained(maskedWords(settings), steps));
    return (sentence: string, place: number) => guessWord(model, sentence.split(" "), place);
  };

  test("fills a gap from both sides; a look to the left alone cannot", () => {
    const guess = guesser({ text: toyTexts.en, causal: false }, 150);
    const [first] = guess("the frog sings in the pond", 1);
    expect(first?.word).toBe("frog");
    expect(first?.probability).toBeGreaterThan(0.8);
    expect(guess("the bird sings in the tree", 1)[0]?.word).toBe("bird");
    // Two sentences have this gap.
    expect(guess("the fish swims in the pond", 1).slice(0, 2).map(({ word }) => word).toSorted()).toEqual(["duck", "fish"]);

    const left = guesser({ text: toyTexts.en, causal: true }, 150);
    expect(left("the frog sings in the pond", 1)[0]?.probability).toBeLessThan(0.5);
    expect(left("the frog sings in the pond", 1)).toEqual(left("the bird sings in the tree", 1));
  });
});
