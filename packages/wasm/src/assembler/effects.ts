import type { EffectInstruction } from "./instructions/table.js";
import { effectNamespace, type EffectSink, type Namespace } from "./namespaces.js";

/** The instructions that only have an effect, as statements: each call appends one to the function. */
export abstract class Effects {
  readonly #sink: EffectSink;
  // Made when first asked for: most functions use one or two of them.
  #i32: Namespace<"i32", EffectInstruction> | undefined;
  #i64: Namespace<"i64", EffectInstruction> | undefined;
  #f32: Namespace<"f32", EffectInstruction> | undefined;
  #f64: Namespace<"f64", EffectInstruction> | undefined;
  #v128: Namespace<"v128", EffectInstruction> | undefined;
  #memory: Namespace<"memory", EffectInstruction> | undefined;
  #atomic: Namespace<"atomic", EffectInstruction> | undefined;

  constructor(sink: EffectSink) {
    this.#sink = sink;
  }

  /** `store`, `store8`, `store16`, `atomic.store` ... of 32-bit integers: `b.i32.store(address, value, { offset })`. */
  get i32(): Namespace<"i32", EffectInstruction> {
    return (this.#i32 ??= effectNamespace("i32", this.#sink));
  }

  /** `store`, `store8`, `store16`, `store32`, `atomic.store` ... of 64-bit integers. */
  get i64(): Namespace<"i64", EffectInstruction> {
    return (this.#i64 ??= effectNamespace("i64", this.#sink));
  }

  /** `store` of float32. */
  get f32(): Namespace<"f32", EffectInstruction> {
    return (this.#f32 ??= effectNamespace("f32", this.#sink));
  }

  /** `store` of float64. */
  get f64(): Namespace<"f64", EffectInstruction> {
    return (this.#f64 ??= effectNamespace("f64", this.#sink));
  }

  /** `store`, `store8_lane` ... `store64_lane` of vectors: `b.v128.store32_lane(address, vector, lane, { offset })`. */
  get v128(): Namespace<"v128", EffectInstruction> {
    return (this.#v128 ??= effectNamespace("v128", this.#sink));
  }

  /** `fill(destination, value, bytes)` and `copy(destination, source, bytes)`. */
  get memory(): Namespace<"memory", EffectInstruction> {
    return (this.#memory ??= effectNamespace("memory", this.#sink));
  }

  /** `fence()`. */
  get atomic(): Namespace<"atomic", EffectInstruction> {
    return (this.#atomic ??= effectNamespace("atomic", this.#sink));
  }
}
