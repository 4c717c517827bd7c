import { Module } from "@nn/layers";
import { indexSelect, tensor, type Tensor } from "@nn/tensor";
import { requireList } from "./requirements.js";

/** Enlarges images `[N, C, H, W]` bilinearly as TensorFlow.js does: row `i` is that at `i / scale` of the input, measured between the corners of pixels and not between their centres. */
export class CornerUpsample extends Module {
  readonly scale: readonly number[];

  /** @param scale For height and width, whole numbers. */
  constructor(scale: readonly number[]) {
    super();
    requireList("CornerUpsample", "scale", scale, "count");
    this.scale = [...scale];
  }

  forward(x: Tensor): Tensor {
    return this.scale.reduce((grown, scale, at) => enlarged(grown, at + 2, scale), x);
  }
}

/** Each row of the result is between two rows of the input; beyond the last one it is the last one. */
function enlarged(x: Tensor, axis: number, scale: number): Tensor {
  const length = x.shape[axis] ?? 0;
  const places = Array.from({ length: length * scale }, (_, at) => at / scale);
  const rows = (round: (place: number) => number): Tensor => indexSelect(x, tensor(places.map((place) => Math.min(length - 1, round(place))), { dtype: "int32" }), axis);
  const fractions = tensor(places.map((place) => place - Math.floor(place)), { shape: x.shape.map((_, each) => (each === axis ? places.length : 1)) });
  const lower = rows(Math.floor);
  return lower.add(rows(Math.ceil).sub(lower).mul(fractions));
}
