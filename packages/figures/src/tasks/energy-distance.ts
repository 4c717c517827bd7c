import { compile } from "@nn/compiler";
import { cdist, mean, type Tensor } from "@nn/tensor";

/**
 * The distance between the distributions of two samples `[N, D]` and `[M, D]`, `2 E‖x − y‖ − E‖x − x'‖ − E‖y − y'‖` (Székely and Rizzo 2013):
 * 0, up to random variation, if they are equal.
 */
export const energyDistance = compile((x: Tensor, y: Tensor) => mean(cdist(x, y)).mul(2).sub(mean(cdist(x, x))).sub(mean(cdist(y, y))));
