import * as primitives from "@nn/tensor/primitives";
import {
  arange, ArgumentError, clamp, indexSelect, lessEqual, logicalAnd, reshape, ShapeError, tensor, Variable, where, zeros, type FloatDType,
  type Tensor,
} from "@nn/tensor";
import { apply, describeValue, formatShape, requireKind, requireOptions, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { requireCounts } from "../requirements.js";

/** Sizes of a {@link KeyValueCache}. */
export interface KeyValueCacheOptions {
  /** Number of sequences that are generated together. */
  readonly batch: number;
  /** Largest number of steps. */
  readonly maxLength: number;
  /** Heads of the attention. */
  readonly heads: number;
  /** Features of a head. */
  readonly headSize: number;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const cacheOptions: OptionKinds<KeyValueCacheOptions> = { batch: "count", maxLength: "count", heads: "count", headSize: "count", dtype: ["float32", "float64"] };

/** The keys and values to which queries of new steps attend. */
export interface CachedSteps {
  /** The keys of all `maxLength` steps, used or not, `[N, heads, maxLength, headSize]`. */
  readonly keys: Tensor;
  /** Their values. */
  readonly values: Tensor;
  /** The keys to which each new step may attend, those up to itself: `[new steps, maxLength]`. */
  readonly visible: Tensor;
}

/**
 * Keeps the keys and values of earlier steps, so that generating a sequence step by step computes nothing twice.
 *
 * The cache has memory for `maxLength` steps from the start, so shapes stay the same and one compiled function serves every step;
 * the number of steps so far is a variable. A cache belongs to one attention layer and one generation, and is not part of the state dictionary.
 * Make it with `MultiheadAttention.createCache` or the same method of a transformer layer. Use it for prediction, not inside a gradient.
 */
export class KeyValueCache {
  readonly maxLength: number;
  /** Number of steps so far, an int32 scalar. */
  readonly position: Variable;
  readonly keys: Variable;
  readonly values: Variable;

  constructor(options: KeyValueCacheOptions) {
    requireOptions("KeyValueCache", options, cacheOptions);
    const { batch, maxLength, heads, headSize, dtype = "float32" } = options ?? {};
    requireCounts("KeyValueCache", { batch, maxLength, heads, headSize });
    this.maxLength = maxLength;
    this.position = new Variable(tensor(0, { dtype: "int32" }), { name: "KeyValueCache.position" });
    this.keys = new Variable(zeros([batch, heads, maxLength, headSize], { dtype }), { name: "KeyValueCache.keys" });
    this.values = new Variable(zeros([batch, heads, maxLength, headSize], { dtype }), { name: "KeyValueCache.values" });
  }

  /**
   * Adds the keys and values of new steps, `[N, heads, steps, headSize]`.
   * @throws ShapeError if they do not fit.
   * @throws ArgumentError for more than `maxLength` steps.
   */
  append(keys: Tensor, values: Tensor): CachedSteps {
    requireTensor("KeyValueCache", keys, "keys");
    requireTensor("KeyValueCache", values, "values");
    const [batch = 0, heads = 0, , headSize = 0] = this.keys.shape;
    const [, , steps = 0] = keys.shape;
    for (const [name, given] of Object.entries({ keys, values })) {
      if (sameShape(given.shape, [batch, heads, steps, headSize])) continue;
      throw new ShapeError(`KeyValueCache: ${name} are ${formatShape(given.shape)}, expected [${batch}, ${heads}, steps, ${headSize}]`);
    }
    const position = this.position.value;
    const next = this.#advance(position, steps);
    const rows = arange(this.maxLength, { dtype: "int32" });
    const source = rows.sub(position);
    const isNew = reshape(logicalAnd(source.greaterEqual(0), source.less(steps)), [this.maxLength, 1]);
    for (const [variable, given] of [[this.keys, keys], [this.values, values]] as const) {
      variable.value = where(isNew, steps === 1 ? given : indexSelect(given, clamp(source, 0, steps - 1), 2), variable.value);
    }
    this.position.value = next;
    return { keys: this.keys.value, values: this.values.value, visible: lessEqual(rows, reshape(arange(steps, { dtype: "int32" }).add(position), [steps, 1])) };
  }

  /** Forgets all steps. */
  reset(): void {
    this.keys.value = zeros(this.keys.shape, { dtype: this.keys.dtype });
    this.values.value = zeros(this.values.shape, { dtype: this.values.dtype });
    this.position.value = tensor(0, { dtype: "int32" });
  }

  /** The position after `steps` more steps. It is looked up in a table of valid positions, so that an invalid one is an error, also in compiled code. */
  #advance(position: Tensor, steps: number): Tensor {
    const positions = arange(1, this.maxLength + 1, { dtype: "int32" });
    const problem = `no room for ${steps} more steps among ${this.maxLength}; make it with a larger maxLength, or reset() it`;
    const report = { operation: "KeyValueCache", shape: [], problem };
    return reshape(apply(primitives.gather, [positions, reshape(position.add(steps - 1), [1])], { axis: 0, report }), []);
  }
}

/** Throws unless the value is a cache. */
export function requireCache(operation: string, cache: unknown): void {
  if (cache !== undefined && !(cache instanceof KeyValueCache)) throw new ArgumentError(`${operation}: cache is ${describeValue(cache)}, expected a KeyValueCache; createCache makes one`);
}

/** Throws unless there is one cache for each layer. */
export function requireCaches(operation: string, caches: readonly KeyValueCache[] | undefined, layers: number): void {
  if (caches === undefined) return;
  requireKind(operation, "caches", caches, "list");
  if (caches.length === layers) return;
  throw new ArgumentError(`${operation}: ${caches.length} caches, expected ${layers}, one for each layer; createCaches makes them`);
}
