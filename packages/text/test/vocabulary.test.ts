import { describe, expect, it } from "vitest";
import { Vocabulary } from "../src/index.js";

describe("Vocabulary", () => {
  it("numbers tokens by their places", () => {
    const vocabulary = new Vocabulary(["<pad>", "a", "한글"], { special: { padding: "<pad>" } });
    expect(vocabulary.size).toBe(3);
    expect(vocabulary.idOf("한글")).toBe(2);
    expect(vocabulary.tokenOf(1)).toBe("a");
    expect([vocabulary.has("a"), vocabulary.has("b")]).toEqual([true, false]);
    expect(vocabulary.special).toEqual({ padding: 0 });
    expect([0, 1, 2].map((id) => vocabulary.isSpecial(id))).toEqual([true, false, false]);
    expect(String(vocabulary)).toBe("Vocabulary of 3 tokens (padding: 0)");
  });

  it("refuses unknown tokens, or maps them to one token if it is told which", () => {
    expect(() => new Vocabulary(["a"]).idOf("b")).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Vocabulary.idOf: "b" is not among the 1 tokens; give it, or make a special token stand for unknown ones: special: { unknown: "<unk>" }]`);
    expect(new Vocabulary(["a", "<unk>"], { special: { unknown: "<unk>" } }).idOf("b")).toBe(1);
  });

  it.each([
    [() => new Vocabulary(["a", "b", "a"])],
    [() => new Vocabulary(["a"], { special: { end: "<end>" } })],
    [() => new Vocabulary(["a"], { additional: ["<turn>"] })],
    [() => new Vocabulary(["a", "\ud800"])],
    [() => new Vocabulary(["a"]).tokenOf(1)],
    [() => Vocabulary.count(["a"], { maxSize: 1, special: { start: "<s>", end: "</s>" } })],
    [() => Vocabulary.count(3 as never)],
    [() => new Vocabulary(["a"], { special: { pad: "a" } as never })],
  ])("refuses what is no vocabulary: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });

  it("counts tokens: special ones first, then by frequency, then by code units", () => {
    const options = { special: { unknown: "<unk>", padding: "<pad>" }, additional: ["<turn>"] };
    const vocabulary = Vocabulary.count(["c", "b", "a", "b", "c", "<turn>", "z"], options);
    expect(vocabulary.tokens).toEqual(["<pad>", "<unk>", "<turn>", "b", "c", "a", "z"]);
    expect(Vocabulary.count(["z", "a", "c", "c", "b", "b"], options).tokens).toEqual(vocabulary.tokens);
    expect(Vocabulary.count(["c", "b", "a", "b", "c"], { minCount: 2 }).tokens).toEqual(["b", "c"]);
    expect(Vocabulary.count(["c", "b", "a", "b", "c"], { maxSize: 2, special: { end: "." } }).tokens).toEqual([".", "b"]);
  });

  it("comes back from JSON", () => {
    const vocabulary = Vocabulary.count(["b", "a"], { special: { end: "." }, additional: ["<turn>"] });
    const again = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
    expect(again.tokens).toEqual(vocabulary.tokens);
    expect(again.special).toEqual({ end: 0 });
    expect(again.isSpecial(1)).toBe(true);
  });
});
