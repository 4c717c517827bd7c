import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { requireAnswer, requireItem } from "./callbacks.js";
import { requireCount } from "./dataset.js";

/** A source of items: an iterable, or a function that starts one. */
export type IterableSource<Item> = Iterable<Item> | AsyncIterable<Item> | (() => Iterable<Item> | AsyncIterable<Item>);

/**
 * A data set that reads items one after another from an iterable, an async iterable (a stream) or a function that starts one.
 * Iterate with `for await`. Each iteration starts at the beginning. If the source can be iterated only once, a second iteration is an
 * error.
 *
 * @example
 * ```ts
 * import { IterableDataset } from "@nn/data";
 * async function* lines() { yield "a"; yield "bb"; yield "ccc"; }
 * const lengths = new IterableDataset(lines).map((line) => line.length).filter((length) => length > 1);
 * const found: number[] = [];
 * for await (const length of lengths) found.push(length);
 * found; // => [2, 3]
 * ```
 */
export class IterableDataset<Item> implements AsyncIterable<Item> {
  /** Starts an iteration. A public property, so that comparisons by test tools see it. */
  readonly start: () => Iterable<Item> | AsyncIterable<Item>;

  /** @throws ArgumentError if `source` is neither an iterable nor a function that starts one. */
  constructor(source: IterableSource<Item>) {
    if (typeof source === "function") {
      this.start = () => requireIterable("IterableDataset", source(), "what the function starts");
    } else {
      requireIterable("IterableDataset", source, "source");
      this.start = restart(source);
    }
  }

  /** The items in order, as they arrive. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    yield* this.start();
  }

  /** A data set that transforms each item. The transform may return a promise. */
  map<Result>(transform: (item: Item) => Result | Promise<Result>): IterableDataset<Result> {
    requireKind("IterableDataset.map", "transform", transform, "function");
    const items = this.start;
    return new IterableDataset(async function* () {
      let index = 0;
      for await (const item of items()) {
        const at = index++;
        yield await requireItem(transform(item), () => `IterableDataset.map: what the transform returned for item ${at}`);
      }
    });
  }

  /** The items that `predicate` accepts. */
  filter(predicate: (item: Item) => boolean | Promise<boolean>): IterableDataset<Item> {
    requireKind("IterableDataset.filter", "predicate", predicate, "function");
    const items = this.start;
    return new IterableDataset(async function* () {
      let index = 0;
      for await (const item of items()) if (requireAnswer("IterableDataset.filter", await predicate(item), index++)) yield item;
    });
  }

  /** The first `count` items. */
  take(count: number): IterableDataset<Item> {
    requireCount("IterableDataset.take", count);
    const items = this.start;
    return new IterableDataset(async function* () {
      let left = count;
      if (left === 0) return;
      for await (const item of items()) {
        yield item;
        if (--left === 0) return;
      }
    });
  }

  /** All but the first `count` items. */
  skip(count: number): IterableDataset<Item> {
    requireCount("IterableDataset.skip", count);
    const items = this.start;
    return new IterableDataset(async function* () {
      let left = count;
      for await (const item of items()) if (left-- <= 0) yield item;
    });
  }

  /** The items of this data set, then those of the others. */
  concat(...others: readonly IterableSource<Item>[]): IterableDataset<Item> {
    const parts = [this, ...others].map((source) => new IterableDataset(source));
    return new IterableDataset(async function* () {
      for (const part of parts) yield* part;
    });
  }

  /** Pairs of items; ends with the shorter of the two. */
  zip<Other>(other: IterableSource<Other>): IterableDataset<readonly [Item, Other]> {
    const items = this.start;
    const others = new IterableDataset(other);
    return new IterableDataset(async function* () {
      const second = others[Symbol.asyncIterator]();
      try {
        for await (const item of items()) {
          const next = await second.next();
          if (next.done === true) return;
          yield [item, next.value] as const;
        }
      } finally {
        await second.return();
      }
    });
  }
}

function requireIterable<Source>(operation: string, source: Source, what: string): Source {
  if (typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source)) return source;
  throw new ArgumentError(`${operation}: ${what} is ${describeValue(source)}, expected an iterable, an async iterable, or a function that starts one`);
}

/** Returns a function that iterates over `source` from the beginning. Its second call fails if the source is an iterator, which is then used up. */
function restart<Item>(source: Iterable<Item> | AsyncIterable<Item>): () => Iterable<Item> | AsyncIterable<Item> {
  let used = false;
  return () => {
    if (used && isOneShot(source)) {
      throw new UsageError(
        "IterableDataset: its source can be iterated only once, and was; pass a function that starts it, such as () => readLines(file)",
      );
    }
    used = true;
    return source;
  };
}

function isOneShot(source: Iterable<unknown> | AsyncIterable<unknown>): boolean {
  return "next" in source || ("getReader" in source && typeof source.getReader === "function");
}
