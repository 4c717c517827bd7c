import { tensor, type Tensor } from "@nn/tensor";
import { bfloat16PanelColumns, roundToBfloat16 } from "@nn/tensor/extend";

/** The weights `[n, …]` of each output, rounded to bfloat16, as the primitive `bfloat16Matmul` reads them: two in a word, by panels of outputs. */
export function bfloat16Words(weight: Tensor): Tensor {
  const [n = 0] = weight.shape;
  const k = n === 0 ? 0 : weight.size / n;
  const numbers = Float32Array.from(weight.toTypedArray());
  roundToBfloat16(numbers);
  const halves = new Uint32Array(numbers.buffer).map((bits) => bits >>> 16);
  const pairs = Math.ceil(k / 2);
  const words = new Int32Array(pairs * n);
  for (let column = 0; column < n; column++) {
    const first = column - (column % bfloat16PanelColumns);
    const width = Math.min(bfloat16PanelColumns, n - first);
    for (let i = 0; i < pairs; i++) {
      const [low = 0, high = 0] = halves.subarray(column * k + 2 * i, Math.min(column * k + 2 * i + 2, (column + 1) * k));
      words[first * pairs + i * width + column - first] = low | (high << 16);
    }
  }
  return tensor(words);
}
