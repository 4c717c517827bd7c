import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { DecodingSession, type CausalLanguageModel } from "../../../src/index.js";
import { smallGpt2, smallLlama } from "../support.js";

/** The logits after the last of these tokens, computed from all of them at once. */
const logitsAfter = (model: CausalLanguageModel, ids: readonly number[]): number[] =>
  (model.forward(tensor([ids], { dtype: "int32" }), { onlyLast: true }).toArray() as number[][][])[0]?.[0] ?? [];

const tokens = Array.from({ length: 90 }, (_, at) => (at * at + 3) % 11);

describe.each([["GPT2LMHeadModel", smallGpt2], ["LlamaForCausalLM", smallLlama]] as const)("DecodingSession of %s", (_, make) => {
  it.each([[false], [true]])("gives the logits of the whole sequence, however it is cut (compiled: %s)", (compile) => {
    const model = make();
    const session = new DecodingSession(model, { compile, maxLength: 90 });
    let read = 0;
    for (const count of [1, 75, 2, 1, 9]) {
      const [logits = []] = session.advance([tokens.slice(read, read + count)]);
      read += count;
      expect(session.position).toBe(read);
      const want = logitsAfter(model, tokens.slice(0, read));
      expect(Math.max(...want.map((each, at) => Math.abs(each - (logits[at] ?? NaN))))).toBeLessThan(1e-10);
    }
    session.dispose();
  });

  it.each([[false], [true]])("gives each of several sequences of different lengths the logits that it has alone (compiled: %s)", (compile) => {
    const model = make();
    const rows = [tokens.slice(0, 3), tokens.slice(5, 17), tokens.slice(30, 31)];
    const session = new DecodingSession(model, { compile, batch: 3, maxLength: 24 });
    const near = (all: readonly ArrayLike<number>[], of: readonly (readonly number[])[]): void => {
      of.forEach((ids, row) => {
        expect(Math.max(...logitsAfter(model, ids).map((each, at) => Math.abs(each - (all[row]?.[at] ?? NaN))))).toBeLessThan(1e-10);
      });
    };
    near(session.advance(rows), rows);
    expect(session.position).toBe(12);
    near(session.advance([[7, 8], [9, 10], [1, 2]]), rows.map((row, at) => [...row, ...([[7, 8], [9, 10], [1, 2]][at] ?? [])]));
    // Copies keep their padding.
    session.reorder([2, 2, 0]);
    near(session.advance([[3], [4], [5]]), [[...(rows[2] ?? []), 1, 2, 3], [...(rows[2] ?? []), 1, 2, 4], [...(rows[0] ?? []), 7, 8, 5]]);
    // Nothing is left of it after a reset.
    session.reset();
    near(session.advance([[1, 2], [3, 4], [5, 6]]), [[1, 2], [3, 4], [5, 6]]);
    session.reset();
    near(session.advance([[1], [3, 4], [5]]), [[1], [3, 4], [5]]);
    session.dispose();
  });

  it("begins anew after a reset, and copies sequences", () => {
    const model = make();
    const session = new DecodingSession(model, { batch: 2, maxLength: 8 });
    session.advance([[1, 2], [3, 4]]);
    session.reorder([1, 1]);
    const [first, second] = session.advance([[5], [6]]);
    const near = (got: ArrayLike<number> | undefined, ids: readonly number[]): void => {
      expect(Math.max(...logitsAfter(model, ids).map((each, at) => Math.abs(each - (got?.[at] ?? NaN))))).toBeLessThan(1e-10);
    };
    near(first, [3, 4, 5]);
    near(second, [3, 4, 6]);
    session.reset();
    expect(session.position).toBe(0);
    near(session.advance([[7], [8]])[1], [8]);
    session.dispose();
  });
});

describe("DecodingSession", () => {
  it.each([
    [() => new DecodingSession({} as never)],
    [() => new DecodingSession(smallGpt2().train())],
    [() => new DecodingSession(smallGpt2(), { maxLength: 101 })],
    [() => new DecodingSession(smallGpt2()).advance([[11]])],
    [() => new DecodingSession(smallGpt2()).advance([[]])],
    [() => new DecodingSession(smallGpt2()).advance([[1], [2]])],
    [() => {
      const session = new DecodingSession(smallGpt2(), { batch: 2, compile: false });
      session.advance([[1], [2, 3]]);
      session.advance([[1], [2, 3]]);
    }],
    [() => new DecodingSession(smallGpt2(), { batch: 2, maxLength: 2 }).advance([[1], [1, 2, 3]])],
    [() => new DecodingSession(smallGpt2(), { maxLength: 2 }).advance([[1, 2, 3]])],
    [() => { new DecodingSession(smallGpt2(), { batch: 2 }).reorder([0, 2]); }],
    [() => new DecodingSession(smallGpt2(), { batch: 2 }).advance([[1], [1, 11]])],
    [() => new DecodingSession(smallGpt2(), { batch: 2 }).advance([[1], []])],
  ])("refuses what it cannot continue: %#", (make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });

  it("refuses a model whose logits are NaN", () => {
    const model = smallGpt2();
    model.transformer.wte.weight.value = model.transformer.wte.weight.value.mul(NaN);
    expect(() => new DecodingSession(model, { compile: false }).advance([[1]])).toThrow("the logits of the model are NaN");
  });
});
