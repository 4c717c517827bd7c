import type { MlpParameters } from "../competitor/load.js";

/** The four networks, with the batch that each is trained with. */
export const networks: readonly MlpParameters[] = [
  { sizes: [784, 128, 10], batch: 64 },
  { sizes: [784, 512, 512, 10], batch: 128 },
  { sizes: [32, 64, 64, 3], batch: 16 },
  { sizes: [4, 8, 3], batch: 1 },
];

/** `784-128-10, batch 64` */
export function nameOf({ sizes, batch }: MlpParameters): string {
  return `${sizes.join("-")}, batch ${batch}`;
}

/** Multiplications and additions of the matrix products of a forward pass. */
export function forwardFlops({ sizes, batch }: MlpParameters): number {
  return sizes.slice(1).reduce((sum, outputs, layer) => sum + 2 * batch * outputs * (sizes[layer] as number), 0);
}

/** The same for the forward and backward pass: three products per layer, but no gradient for the data. */
export function stepFlops({ sizes, batch }: MlpParameters): number {
  return 3 * forwardFlops({ sizes, batch }) - forwardFlops({ sizes: sizes.slice(0, 2), batch });
}
