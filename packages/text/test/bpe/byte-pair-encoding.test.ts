import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { BytePairEncoding, PretrainedTokenizer } from "../../src/index.js";
import { mergeBytes, MergeTable, type Merge } from "../../src/bpe/merges.js";
import { piecesOf } from "../../src/bpe/pieces.js";

const english = "She sells sea shells by the sea shore. The shells she sells are sea shells, I'm sure. So if she sells sea shells on the sea shore, then I'm sure she sells sea shore shells.";
const korean = "간장 공장 공장장은 강 공장장이고, 된장 공장 공장장은 공 공장장이다. 내가 그린 기린 그림은 잘 그린 기린 그림이고 네가 그린 기린 그림은 잘못 그린 기린 그림이다.";
const wellFormed = string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text));
const trained = BytePairEncoding.train([english, korean], { size: 400, special: { padding: "<pad>", end: "<end>" } });

/** Learns merges as the algorithm is taught: counts all pairs anew for each merge. */
function taughtMerges(texts: readonly string[], count: number): Merge[] {
  let pieces = texts.flatMap((text) => [...piecesOf(text)].map((piece) => [...new TextEncoder().encode(piece)]));
  const merges: Merge[] = [];
  while (merges.length < count) {
    const pairs = pieces.flatMap((piece) => piece.slice(1).map((second, at): Merge => [piece[at] ?? NaN, second]));
    const counts = new Map<number, Merge[]>();
    for (const pair of pairs) counts.set(1000 * pair[0] + pair[1], [...(counts.get(1000 * pair[0] + pair[1]) ?? []), pair]);
    const candidates = [...counts.values()].flatMap((same) => same.slice(0, 1).map((pair) => ({ pair, occurrences: same.length })));
    const [best] = candidates.toSorted((a, b) => b.occurrences - a.occurrences || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (best === undefined || best.occurrences < 2) break;
    pieces = pieces.map((piece) => taughtReplacement(piece, best.pair, 256 + merges.length));
    merges.push(best.pair);
  }
  return merges;
}

function taughtReplacement(tokens: readonly number[], [first, second]: Merge, token: number): number[] {
  const result: number[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const isPair = tokens[at] === first && tokens[at + 1] === second;
    result.push(isPair ? token : (tokens[at] as number));
    if (isPair) at++;
  }
  return result;
}

describe("BytePairEncoding.train", () => {
  it("learns the merges of the algorithm as it is taught", () => {
    for (const texts of [[english], [korean], [english, korean], ["aaaa aaaaa aaaaaa", "abababab"]]) {
      expect(BytePairEncoding.train(texts, { size: 256 + 60 }).merges).toEqual(taughtMerges(texts, 60));
    }
  });

  it("learns the merges of the algorithm as it is taught for any text", () => {
    assert(property(array(string({ unit: constantFrom("a", "b", "c", " ", "가") }), { maxLength: 8 }), (texts) => {
      expect(BytePairEncoding.train(texts, { size: 266 }).merges).toEqual(taughtMerges(texts, 10));
    }));
  });

  it("does not depend on the order of texts", () => {
    const texts = english.split(/(?<=\.) /).concat(korean.split(/(?<=\.) /));
    const forward = BytePairEncoding.train(texts, { size: 350 });
    expect(BytePairEncoding.train(texts.toReversed(), { size: 350 }).merges).toEqual(forward.merges);
  });

  it("learns Korean syllables and words", () => {
    const tokenizer = BytePairEncoding.train([korean], { size: 340 });
    const texts = Array.from({ length: tokenizer.merges.length }, (_, at) => tokenizer.decode([256 + at]));
    for (const word of ["장", " 공장", " 기린", " 그림은"]) expect(texts).toContain(word);
    expect(tokenizer.encode(korean).length).toBeLessThan([...korean].length);
    expect(tokenizer.decode(tokenizer.encode("강된장 공장장"))).toBe("강된장 공장장");
  });

  it("ends when no pair occurs often enough", () => {
    expect(BytePairEncoding.train(["abc"], { size: 300 }).merges).toEqual([]);
    expect(BytePairEncoding.train(["ab ab"], { size: 300, minCount: 1 }).merges).toEqual([[97, 98], [32, 256]]);
    expect(BytePairEncoding.train([], { size: 300 }).vocabulary.size).toBe(256);
  });

  it("makes no token longer than the limit", () => {
    const tokenizer = BytePairEncoding.train(["=".repeat(100_000)], { size: 280 });
    expect(tokenizer.merges).toHaveLength(10);
    expect(tokenizer.decode([265])).toBe("=".repeat(1024));
  });

  it.each([
    [() => BytePairEncoding.train([english], { size: 257, special: { start: "<s>", end: "</s>" } })],
    [() => BytePairEncoding.train([english], {} as never)],
    [() => BytePairEncoding.train([english], { size: 300, merges: 3 } as never)],
    [() => BytePairEncoding.train(5 as never, { size: 300 })],
    [() => BytePairEncoding.train([5 as never], { size: 300 })],
    [() => new BytePairEncoding([[97, 257]])],
    [() => new BytePairEncoding([[97, 98], "no" as never])],
    [() => new BytePairEncoding(Array.from({ length: 40 }, (_, at): Merge => (at === 0 ? [97, 97] : [255 + at, 255 + at])))],
    [() => new BytePairEncoding([[97, 98], [97, 98]])],
    [() => new BytePairEncoding([[97, 98]], { additional: ["ab"] })],
  ])("refuses what it cannot do: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

describe("BytePairEncoding", () => {
  it("gives back every text", () => {
    assert(property(wellFormed, (text) => {
      expect(trained.decode(trained.encode(text))).toBe(text);
    }));
    assert(property(string({ unit: constantFrom(..."가나다라한글 ㄱㅏa\u1100\u1161") }), (text) => {
      expect(trained.decode(trained.encode(text))).toBe(text);
    }));
  });

  it("merges the earliest learned pair first, and the leftmost of equal ones", () => {
    const table = new MergeTable([[97, 97], [256, 97], [98, 97]]);
    const encoded = (text: string): number[] => mergeBytes(new TextEncoder().encode(text), table);
    expect(encoded("aaaaa")).toEqual([256, 257]);
    expect(encoded("baa")).toEqual([98, 256]);
    expect(encoded("ba")).toEqual([258]);
    expect(encoded("")).toEqual([]);
  });

  it("encodes as the merges do if they are applied one after the other", () => {
    const merges = taughtMerges([english, korean], 100);
    const table = new MergeTable(merges);
    assert(property(string({ unit: constantFrom(..."shel aor그린장") }), (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(mergeBytes(bytes, table)).toEqual(merges.reduce<number[]>((tokens, merge, at) => taughtReplacement(tokens, merge, 256 + at), [...bytes]));
    }));
  });

  it("encodes a long word without spaces in a moment", () => {
    const text = "shells".repeat(5000);
    expect(trained.decode(trained.encode(text))).toBe(text);
  });

  it("comes back from JSON", () => {
    const again = BytePairEncoding.fromJSON(JSON.parse(JSON.stringify(trained)));
    expect(again.vocabulary.tokens).toEqual(trained.vocabulary.tokens);
    expect(again.encode(korean)).toEqual(trained.encode(korean));
  });

  it("writes a tokenizer.json that others read in the same way", () => {
    const other = new PretrainedTokenizer(JSON.parse(JSON.stringify(trained.toTokenizerJson())), { pad_token: "<pad>", eos_token: { content: "<end>" } });
    expect(other.vocabulary.tokens).toEqual(trained.vocabulary.tokens);
    expect(other.vocabulary.special).toEqual(trained.vocabulary.special);
    for (const text of [english, korean, "", "  a  b\n\nc ", "I'll, we've 12 34", "가나다 라마 바"]) {
      expect([text, ...other.encode(text)]).toEqual([text, ...trained.encode(text)]);
      expect(other.decode(other.encode(text))).toBe(text);
    }
    assert(property(wellFormed.filter((text) => !text.includes("<")), (text) => {
      expect([...other.encode(text)]).toEqual([...trained.encode(text)]);
    }));
  });
});
