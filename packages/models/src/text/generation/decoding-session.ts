import { compile } from "@nn/compiler";
import { Module, type KeyValueCache } from "@nn/layers";
import { arange, ArgumentError, indexSelect, less, maximum, reshape, select, tensor, UsageError, Variable, zeros, type Tensor } from "@nn/tensor";
import { describeValue, Printable, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { CausalLanguageModel, CausalOptions } from "../causal-language-model.js";

/** Options of {@link DecodingSession}. */
export interface DecodingSessionOptions {
  /** The most steps of a sequence; memory for their keys and values is taken at once. Default: the model's number of positions. */
  readonly maxLength?: number | undefined;
  /** Number of sequences that are continued together; default 1. */
  readonly batch?: number | undefined;
  /** Whether the steps are compiled; default true. */
  readonly compile?: boolean | undefined;
}

const sessionOptions: OptionKinds<DecodingSessionOptions> = { maxLength: "count", batch: "count", compile: "boolean" };

/** Tokens are read in groups of these sizes, so that few programs serve prompts of every length. */
const groupSizes = [64, 8, 1];

/** A function of tensors, compiled or not. */
interface Step {
  (x: Tensor): Tensor;
  dispose?(): void;
}

/**
 * A causal language model with the keys and values of the steps so far, so that each further token costs one step. All generations of a session share its
 * compiled programs; `generate` and `beamSearch` take a session in place of a model.
 *
 * @example
 * ```ts
 * import { DecodingSession, GPT2LMHeadModel } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * const session = new DecodingSession(model, { maxLength: 16 });
 * const [logits] = session.advance([[5, 7, 9]]);
 * [logits?.length, session.position]; // => [100, 3]
 * session.dispose();
 * ```
 * @throws UsageError if the model is in training mode.
 */
export class DecodingSession extends Printable {
  readonly model: CausalLanguageModel;
  readonly maxLength: number;
  readonly batch: number;
  readonly #caches: readonly KeyValueCache[];
  /** The steps of padding before each sequence, `[batch]`. */
  readonly #padding: Variable;
  readonly #step: Step;
  readonly #paddedStep: Step;
  readonly #reorder: Step;
  /** Number of neighbouring sequences of each source of the model. */
  readonly #ofSource: number;
  #position = 0;
  #revision = 0;
  #isPadded = false;

  constructor(model: CausalLanguageModel, options: DecodingSessionOptions = {}) {
    super();
    requireModel("DecodingSession", model);
    requireOptions("DecodingSession", options, sessionOptions);
    const { maxLength = model.maxPositions, batch = 1, compile: isCompiled = true } = options;
    if (maxLength > model.maxPositions) throw new ArgumentError(`DecodingSession: maxLength is ${maxLength}, expected at most ${model.maxPositions}, the number of positions of the model`);
    const { sources = 1 } = model;
    requireKind("DecodingSession", "model.sources", sources, "count");
    if (batch % sources !== 0) throw new ArgumentError(`DecodingSession: batch is ${batch}, expected ${sources}, the number of sources of the model, or a multiple`);
    this.model = model;
    this.maxLength = maxLength;
    this.batch = batch;
    this.#ofSource = batch / sources;
    const caches = model.createCaches({ batch, maxLength });
    this.#caches = caches;
    const padding = new Variable(zeros([batch], { dtype: "int32" }), { name: "DecodingSession.padding" });
    this.#padding = padding;
    const step = (ids: Tensor): Tensor => select(model.forward(ids, { caches, onlyLast: true }), 1, 0);
    const paddedStep = (ids: Tensor): Tensor => select(model.forward(ids, { caches, onlyLast: true, ...afterPadding(ids, padding.value, caches) }), 1, 0);
    const reorder = (parents: Tensor): Tensor => {
      for (const variable of [padding, ...caches.flatMap(({ keys, values }) => [keys, values])]) variable.value = indexSelect(variable.value, parents, 0);
      return parents;
    };
    const prepared = (of: Step): Step => (isCompiled ? compile(of) : of);
    this.#step = prepared(step);
    this.#paddedStep = prepared(paddedStep);
    this.#reorder = prepared(reorder);
  }

  /** Number of steps so far, of the longest sequence. */
  get position(): number {
    return this.#position;
  }

  /** Number of changes of the sequences so far: calls of `advance`, `reorder` and `reset`. Who continues them sees by it whether others have used the session meanwhile. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Adds tokens to each sequence, and returns the logits of the tokens that follow. The first rows may differ in length; shorter ones get padding before them, to which no token attends and
   * which counts as no position, so a sequence has the logits that it has alone, up to rounding. All further rows add as many tokens to each.
   * @throws ArgumentError if there are not as many rows as sequences, if further ones differ in length, if an id is not that of a token, or there are more than `maxLength` steps.
   */
  advance(rows: readonly (readonly number[] | Int32Array)[]): (Float32Array | Float64Array)[] {
    const length = this.#checkedLength(rows);
    requireEvaluation("DecodingSession", this.model);
    this.#revision++;
    if (this.#position === 0) this.#pad(rows.map((row) => length - row.length));
    const padded = rows.map((row) => [...Array.from({ length: length - row.length }, () => 0), ...row]);
    const step = this.#isPadded ? this.#paddedStep : this.#step;
    let logits: Tensor | undefined;
    for (let at = 0; at < length;) {
      const size = groupSizes.find((each) => each <= length - at) ?? 1;
      const ids = padded.flatMap((row) => row.slice(at, at + size));
      logits = step(tensor(ids, { shape: [this.batch, size], dtype: "int32" }));
      at += size;
      this.#position += size;
    }
    const data = logits?.toTypedArray();
    if (!(data instanceof Float32Array || data instanceof Float64Array)) throw new UsageError("DecodingSession: the logits of the model are not floating-point numbers");
    if (data.some((logit) => Number.isNaN(logit))) throw new UsageError("DecodingSession: the logits of the model are NaN; check its weights, for example with checkFinite");
    return rows.map((_, row) => data.subarray((row * data.length) / this.batch, ((row + 1) * data.length) / this.batch));
  }

  /**
   * Makes each sequence a copy of one of the present ones: sequence i becomes that of index `parents[i]`.
   * @throws ArgumentError if there is not an index for each sequence, or one of a sequence of another source.
   */
  reorder(parents: readonly number[]): void {
    requireKind("DecodingSession", "parents", parents, "list");
    const isRow = (row: number): boolean => Number.isInteger(row) && row >= 0 && row < this.batch;
    if (parents.length !== this.batch || !parents.every(isRow)) throw new ArgumentError(`DecodingSession: parents are [${parents.map(describeValue).join(", ")}], expected ${this.batch} indices from 0 to ${this.batch - 1}`);
    const sourceOf = (row: number): number => Math.floor(row / this.#ofSource);
    const wrong = parents.findIndex((parent, row) => sourceOf(parent) !== sourceOf(row));
    if (wrong >= 0) throw new ArgumentError(`DecodingSession: parents[${wrong}] is ${parents[wrong]}, a sequence of another source, expected from ${sourceOf(wrong) * this.#ofSource} to ${(sourceOf(wrong) + 1) * this.#ofSource - 1}`);
    this.#revision++;
    if (parents.every((parent, row) => parent === row)) return;
    this.#reorder(tensor(parents, { dtype: "int32" }));
  }

  /** Forgets all steps. */
  reset(): void {
    this.#revision++;
    for (const cache of this.#caches) cache.reset();
    this.#position = 0;
    this.#isPadded = false;
  }

  /** Frees the compiled programs. */
  dispose(): void {
    this.#step.dispose?.();
    this.#paddedStep.dispose?.();
    this.#reorder.dispose?.();
  }

  /** A description: the model, and the steps so far. */
  override toString(): string {
    return `DecodingSession of ${this.model.constructor.name}, ${this.#position} of ${this.maxLength} steps${this.batch === 1 ? "" : `, ${this.batch} sequences`}`;
  }

  #checkedLength(rows: readonly (readonly number[] | Int32Array)[]): number {
    requireKind("DecodingSession", "rows", rows, "list");
    const [first] = rows;
    if (first === undefined || rows.length !== this.batch) throw new ArgumentError(`DecodingSession: there are ${rows.length} rows, expected ${this.batch}, one for each sequence`);
    const room = this.maxLength - this.#position;
    for (const [at, row] of rows.entries()) {
      requireTokens(`DecodingSession: rows[${at}]`, row, this.model.vocabSize);
      if (row.length !== first.length && this.#position > 0) throw new ArgumentError(`DecodingSession: rows[0] and rows[${at}] have ${first.length} and ${row.length} tokens, expected as many in each; only the first rows may differ`);
      if (row.length > room) throw new ArgumentError(`DecodingSession: rows[${at}] has ${row.length} tokens after ${this.#position} steps, expected at most ${room}; make it with a larger maxLength, or reset() it`);
    }
    return Math.max(...rows.map((row) => row.length));
  }

  #pad(counts: readonly number[]): void {
    this.#isPadded = counts.some((count) => count > 0);
    if (this.#isPadded) this.#padding.value = tensor(counts, { dtype: "int32" });
  }
}

/** The positions of ids after padding of `[N]` steps, and the mask of this padding, for steps that follow those of the caches. */
function afterPadding(ids: Tensor, padding: Tensor, [cache]: readonly KeyValueCache[]): CausalOptions {
  if (cache === undefined) return {};
  const [batch = 0, steps = 0] = ids.shape;
  const before = reshape(padding, [batch, 1]);
  const indices = arange(steps, { dtype: "int32" }).add(cache.position.value);
  return { positions: maximum(indices.sub(before), 0), keyPaddingMask: less(arange(cache.maxLength, { dtype: "int32" }), before) };
}

/** Throws unless the value is a causal language model in evaluation mode. */
export function requireModel(operation: string, model: unknown): asserts model is CausalLanguageModel {
  if (!(model instanceof Module) || !("createCaches" in model)) {
    throw new UsageError(`${operation}: the model is ${describeValue(model)}, expected a causal language model such as GPT2LMHeadModel`);
  }
  requireEvaluation(operation, model);
}

function requireEvaluation(operation: string, model: Module): void {
  if (model.training) throw new UsageError(`${operation}: the model is in training mode, where it would drop features; call model.eval() first`);
}

/** Throws unless the value is a list of ids of tokens, at least one. */
export function requireTokens(operation: string, ids: readonly number[] | Int32Array, vocabSize: number): void {
  if (!(ids instanceof Int32Array) && !Array.isArray(ids)) throw new ArgumentError(`${operation}: the tokens are ${describeValue(ids)}, expected a list of ids`);
  if (ids.length === 0) throw new ArgumentError(`${operation}: there are no tokens, expected at least one, such as that which begins a text`);
  for (const [at, id] of ids.entries()) {
    if (!Number.isInteger(id) || id < 0 || id >= vocabSize) throw new ArgumentError(`${operation}: token ${at} is ${describeValue(id)}, expected a whole number from 0 to ${vocabSize - 1}`);
  }
}
