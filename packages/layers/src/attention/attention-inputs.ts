import { DTypeError, logicalNot, reshape, ShapeError, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, isFloat, requireTensor, sameShape } from "@nn/tensor/extend";

const operation = "MultiheadAttention";

/** Features of the inputs. */
interface InputFeatures {
  readonly query: number;
  readonly key: number;
  readonly value: number;
}

/** Throws unless the inputs are sequences with these features, of the same batch, with as many values as keys. */
export function requireInputs(query: Tensor, key: Tensor, value: Tensor, features: InputFeatures, batchFirst: boolean): void {
  const layout = batchFirst ? "[N, steps, " : "[steps, N, ";
  for (const [name, input] of Object.entries({ query, key, value }) as [keyof InputFeatures, Tensor][]) {
    requireTensor(operation, input, name);
    if ((input.rank !== 2 && input.rank !== 3) || input.shape.at(-1) !== features[name]) {
      throw new ShapeError(`${operation}: ${name} is ${formatShape(input.shape)}, expected ${layout}${features[name]}], or [steps, ${features[name]}] without a batch`);
    }
  }
  const found = [query, key, value].map(({ shape }) => formatShape(shape)).join(", ");
  const batchOf = ({ rank, shape }: Tensor): number | undefined => (rank === 2 ? undefined : shape[batchFirst ? 0 : 1]);
  if (batchOf(query) !== batchOf(key) || batchOf(key) !== batchOf(value)) {
    throw new ShapeError(`${operation}: query, key and value are ${found}, expected the same batch, the ${batchFirst ? "first" : "second"} axis`);
  }
  if (!sameShape(key.shape.slice(0, -1), value.shape.slice(0, -1))) {
    throw new ShapeError(`${operation}: query, key and value are ${found}, expected as many values as keys`);
  }
}

/** Masks as options of a call; `true` excludes an element. */
interface Masks {
  readonly mask?: Tensor | undefined;
  readonly keyPaddingMask?: Tensor | undefined;
}

/** The masks over `[N, heads, L, S]`; `true` includes an element. */
export function masksOf({ mask, keyPaddingMask }: Masks, queries: Tensor, keys: Tensor, batched: boolean): readonly Tensor[] {
  const [batch = 1, heads = 1, length = 0] = queries.shape;
  const count = keys.shape[2] ?? 0;
  return [
    ...(mask === undefined ? [] : [shaped("mask", mask, new Map<Shape, Shape>([
      [[length, count], [1, 1, length, count]],
      [[batch * heads, length, count], [batch, heads, length, count]],
    ]))]),
    ...(keyPaddingMask === undefined ? [] : [
      shaped("keyPaddingMask", keyPaddingMask, new Map<Shape, Shape>([[batched ? [batch, count] : [count], [batch, 1, 1, count]]])),
    ]),
  ];
}

/** Checks that a mask has one of the shapes, and reshapes it to the matching target shape. */
function shaped(name: string, mask: Tensor, shapes: ReadonlyMap<Shape, Shape>): Tensor {
  if (mask.dtype !== "bool" && !isFloat(mask.dtype)) throw new DTypeError(`${operation}: ${name} has dtype ${mask.dtype}, expected bool, or a float that is added`);
  for (const [from, to] of shapes) {
    if (sameShape(mask.shape, from)) return reshape(mask.dtype === "bool" ? logicalNot(mask) : mask, to);
  }
  throw new ShapeError(`${operation}: ${name} is ${formatShape(mask.shape)}, expected ${[...shapes.keys()].map(formatShape).join(" or ")}`);
}
