import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadTokenizer, PretrainedTokenizer } from "../../src/index.js";

/** A WordPiece tokenizer with the template of BERT. */
const wordPiece = {
  added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map((content, id) => ({ id, content, special: true, normalized: false, single_word: false, lstrip: false, rstrip: false })),
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } }],
    pair: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } }, { SpecialToken: { id: "[SEP]", type_id: 1 } },
    ],
    special_tokens: { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] }, "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] } },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: false },
  model: {
    type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100,
    vocab: { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, play: 5, "##ing": 6, "##ed": 7, the: 8, game: 9, ".": 10 },
  },
};
const config = { pad_token: "[PAD]", unk_token: "[UNK]", cls_token: "[CLS]", sep_token: { content: "[SEP]" }, mask_token: "[MASK]" };

describe("PretrainedTokenizer", () => {
  const tokenizer = new PretrainedTokenizer(wordPiece, config);

  it("reads a WordPiece model with its normaliser and template", () => {
    expect([...tokenizer.encode("Playing the GAME.")]).toEqual([2, 5, 6, 8, 9, 10, 3]);
    expect([...tokenizer.encode("played", { specialTokens: false })]).toEqual([5, 7]);
    expect([...tokenizer.encode("the [MASK] game", { specialTokens: false })]).toEqual([8, 4, 9]);
    expect([...tokenizer.encode("chess", { specialTokens: false })]).toEqual([1]);
    expect(tokenizer.decode([2, 5, 6, 8, 9, 3])).toBe("playing the game");
    expect(tokenizer.decode([2, 5, 6, 3], { specialTokens: true })).toBe("[CLS] playing [SEP]");
    expect(tokenizer.decode([])).toBe("");
  });

  it("knows the roles of special tokens", () => {
    expect(tokenizer.vocabulary.special).toEqual({ padding: 0, unknown: 1, start: 2, end: 3, mask: 4 });
    expect(tokenizer.vocabulary.isSpecial(4)).toBe(true);
    expect(new PretrainedTokenizer(wordPiece).vocabulary.special).toEqual({});
  });

  it("encodes pairs with their types", () => {
    const { ids, types } = tokenizer.encodePair("playing", "the game");
    expect([...ids]).toEqual([2, 5, 6, 3, 8, 9, 3]);
    expect([...types]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  it("refuses what is unknown if nothing stands for it", () => {
    const strict = new PretrainedTokenizer({ ...wordPiece, added_tokens: [], model: { ...wordPiece.model, vocab: { the: 0, game: 1 } }, post_processor: null });
    expect([...strict.encode("the game")]).toEqual([0, 1]);
    expect(() => strict.encode("the play")).toThrowErrorMatchingSnapshot();
  });

  it.each([
    [() => new PretrainedTokenizer("{}" as never)],
    [() => new PretrainedTokenizer({})],
    [() => new PretrainedTokenizer({ model: { type: "Mystery" } })],
    [() => new PretrainedTokenizer(wordPiece, 3 as never)],
    [() => tokenizer.decode([11])],
    [() => tokenizer.encodePair("a", 2 as never)],
  ])("refuses what it cannot read: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

describe("loadTokenizer", () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), "nn-text-"));
    onTestFinished(() => { rmSync(path, { recursive: true }); });
    return path;
  };

  it("reads the files of a model", async () => {
    const path = folder();
    writeFileSync(join(path, "tokenizer.json"), JSON.stringify(wordPiece));
    expect((await loadTokenizer(path)).vocabulary.special).toEqual({});
    writeFileSync(join(path, "tokenizer_config.json"), JSON.stringify(config));
    expect((await loadTokenizer(path)).vocabulary.special.padding).toBe(0);
  });

  it("says what is wrong with a file", async () => {
    const path = folder();
    await expect(loadTokenizer(path)).rejects.toThrow("tokenizer.json\": there is no such file or folder");
    writeFileSync(join(path, "tokenizer.json"), "{");
    await expect(loadTokenizer(path)).rejects.toThrow(/^loadTokenizer: ".*tokenizer\.json" is not JSON/);
    await expect(loadTokenizer(3 as never)).rejects.toThrow("loadTokenizer: the folder is 3, expected a string");
  });
});
