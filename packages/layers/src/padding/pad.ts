import { ArgumentError, pad, ShapeError, type PadOptions, type PadWidth, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireTensor } from "@nn/tensor/extend";
import { copyList } from "../copy-options.js";
import { Module } from "../module.js";
import { layouts, type SpatialAxes } from "../spatial.js";

/** How many elements to add: one number for all sides, or one entry for each spatial axis, a number for both sides or a `[before, after]` pair. */
export type PaddingWidths = number | readonly (number | PadWidth)[];

/** Base of the paddings, which differ in the elements that they add and in the number of spatial axes. */
export abstract class Pad extends Module {
  /** The widths before and after each spatial axis. */
  readonly widths: readonly PadWidth[];
  readonly #axes: SpatialAxes;
  readonly #options: PadOptions;

  constructor(axes: SpatialAxes, widths: PaddingWidths, options: PadOptions) {
    super();
    const operation = this.constructor.name;
    const list = Array.isArray(widths) ? (widths as readonly (number | PadWidth)[]) : new Array<number>(axes).fill(widths as number);
    if (list.length !== axes) throw new ArgumentError(`${operation}: widths have ${list.length} entries, expected a number or ${axes} of them, one for each spatial axis`);
    this.widths = list.map((width) => (Array.isArray(width) ? copyList(width as PadWidth) : [width as number, width as number]));
    const kind = options.mode === "constant" ? "integer" : "size";
    for (const pair of this.widths) {
      if (pair.length !== 2) throw new ArgumentError(`${operation}: a width has ${pair.length} entries, expected a number or [before, after]`);
      for (const width of pair) requireKind(operation, "a width", width, kind);
    }
    this.#axes = axes;
    this.#options = { ...options };
  }

  forward(x: Tensor): Tensor {
    requireTensor(this.constructor.name, x);
    const [batch, single] = [this.#axes + 2, this.#axes + 1];
    if (x.rank !== batch && x.rank !== single) {
      const layout = layouts[this.#axes];
      throw new ShapeError(`${this.constructor.name}: input is ${formatShape(x.shape)}, expected ${layout} or ${layout.replace("N, ", "")}`);
    }
    return pad(x, this.widths, this.#options);
  }
}
