import { requireTensor, where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** SiLU with a sigmoid of three straight pieces: 0 below −3, `x` above 3, `x (x + 3) / 6` between (Howard et al. 2019). */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Hardswish", x);
    const isBent = x.greaterEqual(-3).logicalAnd(x.lessEqual(3));
    // The bend gets no other values, so that its gradient is finite where it is not chosen.
    const inside = where(isBent, x, 0);
    // Below, x · 0 and not 0: −Infinity gives NaN, as in PyTorch.
    return where(isBent, inside.mul(inside.add(3)).div(6), where(x.less(-3), x.mul(0), x));
  }
}
