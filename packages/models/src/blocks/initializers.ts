import { kaimingNormal, type Initializer } from "@nn/layers";
import { normal, truncatedNormal, zeros, type NormalOptions } from "@nn/tensor";

/** Normal with standard deviation √(2 / fanOut), which keeps the variance of gradients (He et al. 2015). */
export const fanOutNormal: Initializer = (shape, options) => kaimingNormal(shape, { ...options, mode: "fanOut", nonlinearity: "relu" });

/** Normal with mean 0. */
export const normalWith = (std: number): Initializer => (shape, options) => normal(shape, { ...options, std } satisfies NormalOptions);

/** Normal with mean 0, cut off at ±2 as PyTorch's `trunc_normal_`. */
export const truncatedNormalWith = (std: number): Initializer => (shape, options) => truncatedNormal(shape, { ...options, std, low: -2, high: 2 });

/** Initial values of the weights of a linear layer or convolution from `initializeWeight`, and biases of 0. */
export const withZeroBias = (initializeWeight: Initializer): { readonly initializeWeight: Initializer; readonly initializeBias: Initializer } => ({ initializeWeight, initializeBias: zeros });
