import { at, type Mem } from "../assembler/memory.js";
import { rbx, type Gpr, type Vec } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { VectorWriter } from "../vectors/vector-writer.js";

/** The dtypes in which sums are kept while they grow. */
export type SumDType = "float32" | "float64" | "int32";

/** How many neighbours one step works on: as many as a vector of sums holds, or one. */
type Width = "vector" | "element";

/** How many neighbours there are: whole vectors of sums, and elements behind them. In variables, if only the program knows. */
export interface Extent {
  readonly vectors: number | Mem;
  readonly elements: number | Mem;
}

/** A register that goes through memory, and the bytes that it passes for each element. */
type Walk = readonly [register: Gpr, bytes: number];

/** Sums in memory, to which elements of 32 bits are added. Vectors 0 and 1 are for short use, and rbx counts. */
export class Sums {
  /** The bytes of a sum. */
  readonly bytes: 4 | 8;
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #dtype: SumDType;

  constructor(f: KernelFunction, w: VectorWriter, dtype: SumDType) {
    this.#f = f;
    this.#w = w;
    this.#dtype = dtype;
    this.bytes = dtype === "float64" ? 8 : 4;
  }

  /** The sums in a vector. */
  get lanes(): number {
    return (4 * this.#w.level.lanes) / this.bytes;
  }

  extentOf(count: number): Extent {
    return { vectors: Math.floor(count / this.lanes), elements: count % this.lanes };
  }

  /** Sets sums to 0. Moves the register, which points to the first, to their end; so do the others. */
  clear(sums: Gpr, extent: Extent): void {
    this.#w.zero(this.#register(0, "vector"));
    this.#along(extent, [[sums, this.bytes]], (width) => this.#store(at(sums), width));
  }

  /** Sets sums to elements. */
  begin(sums: Gpr, elements: Gpr, extent: Extent): void {
    this.#along(extent, [[sums, this.bytes], [elements, 4]], (width) => {
      this.#loadElement(at(elements), width);
      this.#store(at(sums), width);
    });
  }

  /** Adds elements to sums. */
  add(sums: Gpr, elements: Gpr, extent: Extent): void {
    this.#along(extent, [[sums, this.bytes], [elements, 4]], (width) => this.#add(at(sums), at(elements), width));
  }

  /** Adds one element to a sum. */
  addElement(sum: Mem, element: Mem): void {
    this.#add(sum, element, "element");
  }

  /** Rounds sums of float64 to elements of float32. */
  finish(elements: Gpr, sums: Gpr, extent: Extent): void {
    const { asm } = this.#w;
    this.#along(extent, [[elements, 4], [sums, this.bytes]], (width) => {
      this.#loadSum(0, at(sums), width);
      if (width === "vector") {
        const whole = this.#register(0, width);
        asm.vector("vcvtpd2ps", this.#w.halfOf(whole), whole);
        asm.vector("vmovups_store", at(elements), this.#w.halfOf(whole));
        return;
      }
      const pair = this.#register(0, "vector").as(32);
      asm.vector("vcvtpd2ps", pair.as(16), pair);
      asm.vector("vmovss_store", at(elements), pair.as(16));
    });
  }

  #add(sum: Mem, element: Mem, width: Width): void {
    const [x, y] = [this.#register(0, width), this.#register(1, width)];
    this.#loadElement(element, width);
    this.#loadSum(1, sum, width);
    this.#w.asm.vector(({ float32: "vaddps", float64: "vaddpd", int32: "vpaddd" } as const)[this.#dtype], x, y, x);
    this.#store(sum, width);
  }

  /** A vector, or one as wide as an element needs: a sum of float64 is spread over 256 bits. */
  #register(number: number, width: Width): Vec {
    const whole = this.#w.register(number);
    return width === "vector" ? whole : whole.as(this.bytes === 8 ? 32 : 16);
  }

  /** Loads elements as sums into vector 0. */
  #loadElement(element: Mem, width: Width): void {
    const { asm } = this.#w;
    const x = this.#register(0, width);
    if (width === "vector") {
      asm.vector(this.bytes === 8 ? "vcvtps2pd" : "vmovups", x, element);
      return;
    }
    asm.vector("vbroadcastss", x.as(16), element);
    if (this.bytes === 8) asm.vector("vcvtps2pd", x, x.as(16));
  }

  #loadSum(number: number, sum: Mem, width: Width): void {
    const x = this.#register(number, width);
    if (width === "vector") this.#w.load(x, sum);
    else this.#w.asm.vector(this.bytes === 8 ? "vbroadcastsd" : "vbroadcastss", x, sum);
  }

  /** Stores vector 0. */
  #store(sum: Mem, width: Width): void {
    const x = this.#register(0, width);
    if (width === "vector") this.#w.store(sum, x);
    else this.#w.asm.vector(this.bytes === 8 ? "vmovsd_store" : "vmovss_store", sum, x.as(16));
  }

  /** Goes through neighbours: whole vectors, then the elements that are left. */
  #along({ vectors, elements }: Extent, walks: readonly Walk[], body: (width: Width) => void): void {
    const { asm } = this.#w;
    for (const [width, count, times] of [["vector", this.lanes, vectors], ["element", 1, elements]] as const) {
      if (times === 0) continue;
      const loop = (): void => this.#f.repeat(rbx, () => {
        body(width);
        for (const [register, bytes] of walks) asm.arithmetic("add", register, count * bytes);
      });
      if (typeof times === "number") {
        asm.set(rbx, times);
        loop();
      } else {
        asm.mov(rbx, times);
        asm.arithmetic("cmp", rbx, 0);
        this.#f.unless("e", loop);
      }
    }
  }
}
