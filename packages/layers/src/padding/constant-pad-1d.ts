import { requireKind } from "@nn/tensor/extend";
import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Puts one number around sequences. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 */
export class ConstantPad1d extends Pad {
  readonly value: number;

  constructor(widths: PaddingWidths, value: number) {
    requireKind(new.target.name, "value", value, "number");
    super(1, widths, { mode: "constant", value });
    this.value = value;
  }
}
