import { customVjp } from "@nn/autograd";
import { abs, exp, log1p, maximum, sigmoid, type Tensor } from "@nn/tensor";

/** `log(1 + eˣ)`, accurate to the last digits where it is small too, and correct for infinite x. */
export const softplus = /* @__PURE__ */ customVjp(
  (x: Tensor) => maximum(x, 0).add(log1p(exp(abs(x).neg()))),
  (gradient, { inputs: [x] }) => [gradient.mul(sigmoid(x))],
);
