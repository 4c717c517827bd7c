import { DataLoader, TensorDataset } from "@nn/data";
import { BatchNorm1d, Dropout, Linear, Sequential, Tanh } from "@nn/layers";
import { manualSeed, tensor, type Tensor } from "@nn/tensor";

/** Two classes in a plane, and a small network with everything that a resumed run must get right: dropout draws numbers, batch normalisation has buffers. */
export function task({ examples = 14, batchSize = 4, seed = 1, shuffle = true }: { readonly examples?: number; readonly batchSize?: number; readonly seed?: number; readonly shuffle?: boolean } = {}) {
  manualSeed(seed);
  const model = new Sequential(new Linear(2, 6), new BatchNorm1d(6), new Tanh(), new Dropout(0.3), new Linear(6, 2));
  const data = points(examples);
  return { model, batches: new DataLoader(data, { batchSize, shuffle }), validation: new DataLoader(data, { batchSize: 16 }), data };
}

/** Points on a spiral, labelled by the sign of a product. */
export function points(count: number): TensorDataset<readonly [Tensor, Tensor]> {
  const x = Array.from({ length: count }, (_, at) => [Math.sin(at), Math.cos(at * 1.7)] as const);
  return new TensorDataset(tensor(x), tensor(x.map(([a, b]) => Number(a * b > 0)), { dtype: "int32" }));
}

/** The bits of a state, for comparisons. */
export function bitsOf(state: Readonly<Record<string, Tensor>>): unknown {
  return Object.entries(state).map(([name, value]) => [name, Array.from(value.toTypedArray())]);
}
