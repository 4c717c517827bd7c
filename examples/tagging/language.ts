import { randomIntegers, type Generator } from "@nn/tensor";

/** Parts of speech. */
export const tags = ["determiner", "adjective", "noun", "modal", "verb", "conjunction"] as const;
export type Tag = (typeof tags)[number];

/** The possible parts of speech of each word. Most words have two: "the can can fish". */
const lexicon: Readonly<Record<string, readonly Tag[]>> = {
  the: ["determiner"], a: ["determiner"], every: ["determiner"],
  old: ["adjective"], small: ["adjective"],
  light: ["adjective", "noun"], orange: ["adjective", "noun"], square: ["adjective", "noun"], cold: ["adjective", "noun"],
  fox: ["noun"], owl: ["noun"],
  fish: ["noun", "verb"], watch: ["noun", "verb"], ring: ["noun", "verb"], judge: ["noun", "verb"], duck: ["noun", "verb"],
  can: ["noun", "modal"], will: ["noun", "modal"], might: ["noun", "modal"],
  may: ["modal"], must: ["modal"],
  see: ["verb"], hear: ["verb"],
  and: ["conjunction"],
};
export const words = Object.keys(lexicon);

/** A word and its part of speech in a sentence. */
export interface TaggedWord {
  readonly word: string;
  readonly tag: Tag;
}

/** Clauses without and with adjectives: "the fox may see a square fish". */
const subjects: readonly (readonly Tag[])[] = [["determiner", "noun"], ["determiner", "adjective", "noun"]];
const mostClauses = 2;
export const longest = mostClauses * 8 + (mostClauses - 1);

/** Draws sentences of one or two clauses. A whole sentence determines the part of speech of each word. */
export function drawSentences(count: number, generator: Generator): TaggedWord[][] {
  const numbers = randomIntegers([count, 4 * longest], { low: 0, high: 2 ** 20, generator }).toArray() as number[][];
  return numbers.map((row) => {
    const choices = row.values();
    const choose = <T>(from: readonly T[]): T => from[(choices.next().value ?? NaN) % from.length] as T;
    const clause = (): Tag[] => [...choose(subjects), "modal", "verb", ...choose(subjects)];
    const sentence = Array.from({ length: choose([1, mostClauses]) }, (_, at) => (at === 0 ? clause() : ["conjunction" as const, ...clause()])).flat();
    return sentence.map((tag) => ({ word: choose(words.filter((word) => lexicon[word]?.includes(tag))), tag }));
  });
}
