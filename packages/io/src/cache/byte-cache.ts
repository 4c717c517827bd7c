import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";

/** Items of bytes by name that are found at once, such as compiled programs. They can be made again, so those that are used least recently are dropped when there are too many bytes, and one that cannot be read is not there. */
export interface ByteCache {
  /** The content of an item; `undefined` if there is none. */
  read(name: string): Uint8Array | undefined;
  /** Puts an item into the cache, in place of the one that is there. It is written after the call; if that fails, a warning says why. */
  write(name: string, bytes: Uint8Array): void;
  /** Resolves when everything is written. A process that ends by itself waits for that. */
  flush(): Promise<void>;
}

/** Options of caches of bytes. */
export interface ByteCacheOptions {
  /** The most bytes that the cache keeps. Larger items are not kept. Default 268,435,456 (256 MiB). */
  readonly maxBytes?: number;
  /** Called once, when an item cannot be written, with the reason. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void;
}

/** The bytes that a cache keeps by default. */
export const usualBytes = 2 ** 28;

const namePattern = /^[\w-]{1,200}$/;

/** @throws ArgumentError unless the name has letters, digits, `-` and `_` only. */
export function requireItemName(operation: string, name: string): void {
  requireKind(operation, "name", name, "string");
  if (!namePattern.test(name)) throw new ArgumentError(`${operation}: the name of the item is ${quote(name)}, expected up to 200 letters, digits, - and _`);
}

/** @throws UsageError unless the content is bytes. */
export function requireItemBytes(operation: string, bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw new UsageError(`${operation}: the content is ${describeValue(bytes)}, expected a Uint8Array`);
}

/** Writes of items, one after another, behind the calls that ask for them. */
export class WritesBehind {
  readonly #operation: string;
  readonly #warn: (message: string) => void;
  #warned = false;
  #last: Promise<void> = Promise.resolve();

  constructor(operation: string, warn: (message: string) => void = consoleWarning) {
    this.#operation = operation;
    this.#warn = warn;
  }

  add(write: () => Promise<void>): void {
    this.#last = this.#last.then(write).catch((cause: unknown) => {
      if (!this.#warned) this.#warn(`${this.#operation}: an item is not kept: ${cause instanceof Error ? cause.message : String(cause)}`);
      this.#warned = true;
    });
  }

  /** Resolves when nothing is left to be written. */
  async done(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#last; await last) last = this.#last;
  }
}

function consoleWarning(message: string): void {
  // oxlint-disable-next-line eslint/no-console -- people should see it; `onWarning` replaces it
  console.warn(message);
}

/** An item of a cache: its size, and when it was used last. */
export interface CachedItem {
  readonly name: string;
  readonly bytes: number;
  readonly used: number;
}

/** The items that are to be dropped so that at most `maxBytes` are kept: the least recently used. */
export function tooMany(items: readonly CachedItem[], maxBytes: number): readonly CachedItem[] {
  let kept = 0;
  return items.toSorted((a, b) => b.used - a.used).filter(({ bytes }) => (kept += bytes) > maxBytes);
}
