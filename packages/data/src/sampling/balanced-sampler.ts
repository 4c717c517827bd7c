import type { Tensor } from "@nn/tensor";
import { Printable, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Random } from "../random.js";
import { indicesByClass, requireLabels, type ClassLabel } from "../split/class-labels.js";
import type { Sampler } from "./sampler.js";

/** Options of {@link balancedSampler}. */
export interface BalancedSamplerOptions {
  /** Items of an epoch. Default: as many as there are labels. */
  readonly count?: number;
  /**
   * Whether the items of a class are drawn independently. Otherwise all items of a class are used, in random order, before one is used again.
   * Default false.
   */
  readonly replacement?: boolean;
}

const balancedOptions: OptionKinds<BalancedSamplerOptions> = { count: "count", replacement: "boolean" };

/**
 * A {@link Sampler} that draws every class equally often: in an epoch the numbers of items of two classes differ by at most one. Items of rare
 * classes are repeated; of frequent classes, each epoch uses other items.
 *
 * @example
 * ```ts
 * import { ArrayDataset, balancedSampler, DataLoader } from "@nn/data";
 * const labels = ["cat", "cat", "cat", "cat", "cat", "dog"];
 * const loader = new DataLoader(new ArrayDataset(labels), { sampler: balancedSampler(labels), batchSize: 6, seed: 1 });
 * for (const batch of loader) batch.toSorted(); // => ["cat", "cat", "cat", "dog", "dog", "dog"]
 * ```
 * @param labels - the class of each item of the data set: a list, or a tensor; `classLabels(dataset)` lists them.
 * @throws ArgumentError if there are no labels, or one is missing.
 */
export function balancedSampler(labels: ArrayLike<ClassLabel> | Tensor, options: BalancedSamplerOptions = {}): Sampler {
  requireOptions("balancedSampler", options, balancedOptions);
  const own = requireLabels("balancedSampler", labels);
  return new BalancedSampler([...indicesByClass(own).values()], own.length, options);
}

class BalancedSampler extends Printable implements Sampler {
  readonly length: number;
  readonly replacement: boolean;
  readonly items: number;
  /** The items of each class. */
  readonly classes: readonly (readonly number[])[];

  constructor(classes: readonly (readonly number[])[], items: number, { count = items, replacement = false }: BalancedSamplerOptions) {
    super();
    this.classes = classes;
    this.items = items;
    this.length = count;
    this.replacement = replacement;
  }

  indices(seed: number, epoch: number): Int32Array {
    const random = new Random(seed, epoch);
    const { classes, length, replacement } = this;
    // The classes that get one more, where the number does not divide, are others in each epoch.
    const order = random.permutation(classes.length);
    const chosen = [...order].flatMap((each, position) => {
      const count = Math.floor(length / classes.length) + (position < length % classes.length ? 1 : 0);
      return pick(classes[each] as readonly number[], count, replacement, random);
    });
    const result = Int32Array.from(chosen);
    random.shuffle(result);
    return result;
  }

  override toString(): string {
    return `balanced sampler: ${this.length} of ${this.items} items in ${this.classes.length} classes, ${this.replacement ? "with" : "without"} replacement`;
  }
}

function pick(items: readonly number[], count: number, replacement: boolean, random: Random): number[] {
  if (replacement) return Array.from({ length: count }, () => items[random.below(items.length)] as number);
  const picked: number[] = [];
  while (picked.length < count) {
    for (const at of random.permutation(items.length).subarray(0, count - picked.length)) picked.push(items[at] as number);
  }
  return picked;
}
