import type { CodeWriter } from "./code-writer.js";
import type { EffectInstruction } from "./instructions/table.js";
import { effectNamespaces, type Namespace, type Namespaces } from "./namespaces.js";

/** The instructions that only have an effect, as statements. Each call appends one to the function. */
export abstract class Effects {
  readonly #code: CodeWriter;
  #made: Namespaces<EffectInstruction> | undefined;

  constructor(code: CodeWriter) {
    this.#code = code;
  }

  /** `store`, `store8`, `store16`, `atomic.store` ... of 32-bit integers: `b.i32.store(address, value, { offset })`. */
  get i32(): Namespace<"i32", EffectInstruction> {
    return this.#all.i32;
  }

  /** `store`, `store8`, `store16`, `store32`, `atomic.store` ... of 64-bit integers. */
  get i64(): Namespace<"i64", EffectInstruction> {
    return this.#all.i64;
  }

  /** `store` of float32. */
  get f32(): Namespace<"f32", EffectInstruction> {
    return this.#all.f32;
  }

  /** `store` of float64. */
  get f64(): Namespace<"f64", EffectInstruction> {
    return this.#all.f64;
  }

  /** `store`, `store8_lane` ... `store64_lane` of vectors: `b.v128.store32_lane(address, vector, lane, { offset })`. */
  get v128(): Namespace<"v128", EffectInstruction> {
    return this.#all.v128;
  }

  /** `fill(destination, value, bytes)` and `copy(destination, source, bytes)`. */
  get memory(): Namespace<"memory", EffectInstruction> {
    return this.#all.memory;
  }

  /** `fence()`. */
  get atomic(): Namespace<"atomic", EffectInstruction> {
    return this.#all.atomic;
  }

  /** The namespaces, made on first use. */
  get #all(): Namespaces<EffectInstruction> {
    return (this.#made ??= effectNamespaces(this.#code));
  }
}
