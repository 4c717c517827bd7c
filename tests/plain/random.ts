import { Random as Source } from "../torture/random.js";
import { sizeOf, type Plain } from "./array.js";

/** Random choices for configurations, reproducible from a seed. */
export class Random extends Source {
  real(low = -2, high = 2): number {
    return Math.fround(low + (high - low) * this.fraction());
  }

  /** From `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  bool(probability = 0.5): boolean {
    return this.chance(probability);
  }

  /** A value, or nothing: the default of an option. */
  maybe<T>(value: () => T): T | undefined {
    return this.bool() ? value() : undefined;
  }

  override list<T>(length: number, value: (at: number) => T): T[] {
    return Array.from({ length }, (_, at) => value(at));
  }

  shape(ranks: readonly [number, number] = [1, 3], sizes: readonly [number, number] = [1, 4]): number[] {
    return this.list(this.int(...ranks), () => this.int(...sizes));
  }

  array(shape: readonly number[], low = -2, high = 2): Plain {
    return { shape, data: this.list(sizeOf(shape), () => this.real(low, high)) };
  }

  integers(shape: readonly number[], low: number, high: number): Plain {
    return { shape, data: this.list(sizeOf(shape), () => this.int(low, high)) };
  }

  /** An axis, counted from the front or from the back. */
  axis(rank: number): number {
    return this.int(-rank, rank - 1);
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0] as T);
  }
}
