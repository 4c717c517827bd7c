import { array, assert, constantFrom, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteTokenizer, CharacterTokenizer, Tokenizer, Vocabulary, WordTokenizer } from "../../src/index.js";

const korean = "나비야, 나비야. 이리 날아오너라!";
const marks = { padding: "<pad>", unknown: "<unk>", start: "<s>", end: "</s>" };

describe.each<[string, Tokenizer]>([
  ["CharacterTokenizer", CharacterTokenizer.train([korean, "abc"], { special: marks })],
  ["WordTokenizer", WordTokenizer.train([korean, "a b c"], { special: marks })],
  ["ByteTokenizer", new ByteTokenizer({ special: marks })],
])("%s", (name, tokenizer) => {
  const { start, end } = tokenizer.vocabulary.special;

  it("puts start and end around a text, and decodes without them", () => {
    const ids = tokenizer.encode("a");
    expect(ids).toBeInstanceOf(Int32Array);
    expect([...ids]).toEqual([start, tokenizer.encode("a", { specialTokens: false })[0], end]);
    expect(tokenizer.decode(ids)).toBe("a");
    expect(tokenizer.decode(ids, { specialTokens: true })).toBe(name === "WordTokenizer" ? "<s> a </s>" : "<s>a</s>");
    expect([...tokenizer.encode("")]).toEqual([start, end]);
    expect(tokenizer.decode([])).toBe("");
  });

  it("does not take text for a special token", () => {
    const ids = tokenizer.encode("</s>", { specialTokens: false });
    expect([...ids]).not.toContain(end);
  });

  it("refuses what is no text, and ids that are none", () => {
    expect(() => tokenizer.encode(3 as never)).toThrow(`${name}.encode: the text is 3, expected a string`);
    expect(() => tokenizer.encode("a\ud800b")).toThrow("the text has half of a surrogate pair, \\ud800, at 1");
    expect(() => tokenizer.decode([tokenizer.vocabulary.size])).toThrow(`${name}.decode: the ids[0] is ${tokenizer.vocabulary.size}`);
    expect(() => tokenizer.decode([0.5])).toThrow("is 0.5, expected a whole number");
    expect(() => tokenizer.decode("1" as never)).toThrow("expected an Int32Array or a list of whole numbers");
    expect(() => tokenizer.encode("a", { special: true } as never)).toThrow("there is no option");
  });

  it("says how many tokens it has", () => {
    expect(String(tokenizer)).toBe(`${name} of ${tokenizer.vocabulary.size} tokens`);
  });
});

describe("CharacterTokenizer", () => {
  it("gives back every text of known characters", () => {
    const alphabet = "나비야 ,.😀é\n";
    const tokenizer = CharacterTokenizer.train([alphabet]);
    assert(property(string({ unit: constantFrom(...alphabet) }), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }));
  });

  it("counts characters, not UTF-16 code units", () => {
    expect(CharacterTokenizer.train(["😀😀a"]).vocabulary.tokens).toEqual(["😀", "a"]);
  });

  it("refuses unknown characters, or maps them", () => {
    expect(() => CharacterTokenizer.train(["ab"]).encode("abc")).toThrow('"c" is not among the 2 tokens');
    expect([...CharacterTokenizer.train(["ab"], { special: { unknown: "?" } }).encode("ac")]).toEqual([1, 0]);
    expect(() => new CharacterTokenizer(["a"] as never)).toThrow("CharacterTokenizer: vocabulary is an array of 1, expected a Vocabulary");
  });
});

describe("WordTokenizer", () => {
  it("splits words of any language, numbers and marks", () => {
    expect(WordTokenizer.split("Don't pay €3,000.50 to O’Neil-Smith (today)…")).toEqual(
      ["Don't", "pay", "€", "3,000.50", "to", "O’Neil", "-", "Smith", "(", "today", ")", "…"],
    );
    expect(WordTokenizer.split("나는 학생이다. क्या?")).toEqual(["나는", "학생이다", ".", "क्या", "?"]);
    expect(WordTokenizer.split("ÄRGER Straße", { lowerCase: true })).toEqual(["ärger", "straße"]);
    expect(WordTokenizer.split(" \n")).toEqual([]);
  });

  it("loses no character but spaces", () => {
    assert(property(string({ unit: "grapheme" }), (text) => {
      expect(WordTokenizer.split(text).join("")).toBe(text.replace(/\s/gu, ""));
    }));
  });

  it("gives the same words again for what it decodes", () => {
    const tokenizer = WordTokenizer.train(["the cat isn't here , 3.5 !"]);
    assert(property(array(nat(tokenizer.vocabulary.size - 1)), (ids) => {
      expect([...tokenizer.encode(tokenizer.decode(ids))]).toEqual(ids);
    }));
  });

  it("keeps frequent words only, and needs a token for the others", () => {
    const tokenizer = WordTokenizer.train(["a a b"], { minCount: 2, special: { unknown: "<unk>" } });
    expect([...tokenizer.encode("a b c")]).toEqual([1, 0, 0]);
  });
});

describe("ByteTokenizer", () => {
  it("gives back every text", () => {
    const tokenizer = new ByteTokenizer();
    assert(property(string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text)), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }));
    expect(tokenizer.decode(tokenizer.encode("\ufeffa"))).toBe("\ufeffa");
  });

  it("is the bytes of UTF-8, and special tokens from 256 on", () => {
    const tokenizer = new ByteTokenizer({ special: { end: "<end>" }, additional: ["<turn>"] });
    expect([...tokenizer.encode("한")]).toEqual([0xed, 0x95, 0x9c, 256]);
    expect(tokenizer.vocabulary.size).toBe(258);
    expect(tokenizer.decode([0x61, 257, 256], { specialTokens: true })).toBe("a<turn><end>");
  });
});

describe("Tokenizer", () => {
  it("is a base for tokenizers of one's own", () => {
    class Vowels extends Tokenizer {
      readonly vocabulary = new Vocabulary(["a", "e", "i", "o", "u", "."], { special: { end: "." } });
      protected tokenize(text: string): number[] {
        return [...text].flatMap((letter) => (this.vocabulary.has(letter) ? [this.vocabulary.idOf(letter)] : []));
      }
      protected join(ids: readonly number[]): string {
        return ids.map((id) => this.vocabulary.tokenOf(id)).join("");
      }
    }
    expect([...new Vowels().encode("audio")]).toEqual([0, 4, 2, 3, 5]);
    expect(new Vowels().decode([0, 4, 2, 3, 5])).toBe("auio");
  });
});
