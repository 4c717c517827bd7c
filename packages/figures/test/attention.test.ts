import { Generator, tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { context, knownWords } from "../src/tasks/character-gpt.js";
import { NetworkCopy } from "../src/tasks/network-copy.js";
import { drawLists, exercises, keySize, listLength, readList, solutions, Sorter, type ListReading, type SorterSettings } from "../src/tasks/sorter-network.js";
import { sorter, type SorterView } from "../src/tasks/sorter.js";
import { isLongEnough, sentencesOf, toyTexts, wordsOf } from "../src/tasks/toy-texts.js";
import { vocabularyOf } from "../src/tasks/word-guesser.js";
import { trained } from "./trained.js";

const total = (row: readonly number[]): number => row.reduce((sum, value) => sum + value, 0);

describe("a transformer that learns lists", () => {
  const list = [3, 8, 1, 6, 0, 4];
  const sorted = (settings: Partial<SorterSettings>, steps: number): SorterView => trained(sorter({ exercise: "sort", positions: true, causal: false, ...settings }), steps);
  /** What the copy in the page reads. */
  const reading = (view: SorterView): ListReading => readList(new NetworkCopy((settings: SorterSettings) => new Sorter(settings)).of(view), list);

  test("the digits of a list are different, and its solutions are those of their names", () => {
    const lists = drawLists(50, new Generator(1)).toArray() as number[][];
    expect(lists.every((each) => each.length === listLength && new Set(each).size === listLength)).toBe(true);
    expect(exercises.map((exercise) => solutions[exercise](tensor([list])).toArray())).toEqual([[[4, 0, 6, 1, 8, 3]], [[0, 1, 3, 4, 6, 8]]]);
  });

  test("the weights are the softmax of q · k / √size, and the answer is the sum of the values", () => {
    const { queries, keys, scores, weights, probabilities } = reading(sorted({}, 0));
    for (const [row, query] of queries.entries()) {
      const products = keys.map((key) => total(key.map((value, at) => value * (query[at] ?? NaN))) / Math.sqrt(keySize));
      const powers = products.map(Math.exp);
      products.forEach((product, at) => {
        expect(scores[row]?.[at]).toBeCloseTo(product, 4);
        expect(weights[row]?.[at]).toBeCloseTo((powers[at] ?? NaN) / total(powers), 4);
        expect(probabilities[row]?.[list[at] ?? NaN]).toBeCloseTo(weights[row]?.[at] ?? NaN, 5);
      });
    }
  });
});

describe("the texts", () => {
  test.each(["en", "ko"] as const)("%s: sentences of few words", (language) => {
    const sentences = sentencesOf(toyTexts[language]);
    expect(sentences).toHaveLength(22);
    expect(new Set(sentences).size).toBe(22);
    expect(sentences.every((sentence) => sentence.endsWith(".") && sentence.length < context && wordsOf(sentence).length > 1)).toBe(true);
    expect(isLongEnough(toyTexts[language])).toBe(true);
  });

  test("a text of a reader may have lines or full stops", () => {
    expect(sentencesOf(" One two. Three!\nfour five\n\n")).toEqual(["One two.", "Three!", "four five"]);
    expect(wordsOf("it is, then, so.")).toEqual(["it", "is", "then", "so"]);
    expect(["", "one two.", "one. two.", "one two.\nthree four"].map(isLongEnough)).toEqual([false, false, false, true]);
    expect(knownWords(["the dog flies.", "xyz"], toyTexts.en)).toBe(0.75);
    expect(knownWords([""], toyTexts.en)).toBe(0);
  });
});

describe("a small BERT", () => {
  test("the words are those of the text", () => {
    const { words, sentences, longest } = vocabularyOf("the dog barks.\nthe cat sleeps well.");
    expect(words).toEqual(["", "[MASK]", "the", "dog", "barks", "cat", "sleeps", "well"]);
    expect([sentences.length, longest]).toEqual([2, 4]);
  });
});
