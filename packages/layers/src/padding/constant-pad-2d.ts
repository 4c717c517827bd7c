import { requireKind } from "@nn/tensor/extend";
import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Puts one number around images. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 */
export class ConstantPad2d extends Pad {
  readonly value: number;

  constructor(widths: PaddingWidths, value: number) {
    requireKind(new.target.name, "value", value, "number");
    super(2, widths, { mode: "constant", value });
    this.value = value;
  }
}
