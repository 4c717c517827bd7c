import type { Expr } from "@nn/wasm";
import { valuesOf, type LoopKernel } from "../ir/program.js";
import type { EmitContext } from "./context.js";
import type { Code } from "./lanes.js";
import { ValueEmitter, write } from "./values.js";

/** The epilogue of a library kernel: elementwise work on elements of a matrix that the kernel holds in registers. */
export class EpilogueEmitter {
  readonly #values: ValueEmitter;
  readonly #kernel: LoopKernel;

  constructor(b: Code, kernel: LoopKernel, context: EmitContext) {
    this.#kernel = kernel;
    this.#values = new ValueEmitter(b, kernel, context);
  }

  /** Computes and stores the results for `width` elements of `row`, from `column` on. */
  emit(row: Expr<"i32">, column: Expr<"i32">, width: number, accumulator: Expr<"v128">): void {
    const values = this.#values;
    const store = (): void => {
      for (const value of valuesOf(this.#kernel)) if (value.kind === "accumulator") values.remember(value, accumulator);
      write([values.computeAll(this.#kernel.stores)]);
    };
    values.withWidth(width, () => values.at(0, row, 0, () => values.at(1, column, 0, store)));
  }
}
