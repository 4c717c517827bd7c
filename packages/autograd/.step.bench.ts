import { valueAndGrad } from "./src/index.js";
import { Variable, matmul, uniform, relu, logSoftmax, zeros, tensor, type Tensor } from "@nn/tensor";
const W1 = new Variable(uniform([128, 784], { low: -0.05, high: 0.05 })), b1 = new Variable(zeros([128]));
const W2 = new Variable(uniform([10, 128], { low: -0.1, high: 0.1 })), b2 = new Variable(zeros([10]));
const ps = [W1, b1, W2, b2];
const m = ps.map((p) => new Variable(zeros(p.shape))), v = ps.map((p) => new Variable(zeros(p.shape)));
const x = uniform([64, 784]); const y = tensor(Array.from({ length: 640 }, (_, i) => (i % 10 === Math.floor(i / 10) % 10 ? 1 : 0)), { shape: [64, 10], dtype: "float32" });
let t = 0;
function step(): Tensor {
  const { value, gradients } = valueAndGrad(() => {
    const h = relu(matmul(x, W1.value.transpose()).add(b1.value));
    const logits = matmul(h, W2.value.transpose()).add(b2.value);
    return logSoftmax(logits).mul(y).sum().mul(-1 / 64);
  }, ps);
  t++;
  ps.forEach((p, i) => {
    const g = gradients[i] as Tensor; const mi = m[i] as Variable, vi = v[i] as Variable;
    mi.value = mi.value.mul(0.9).add(g.mul(0.1));
    vi.value = vi.value.mul(0.999).add(g.mul(g).mul(0.001));
    p.value = p.value.sub(mi.value.div(1 - 0.9 ** t).div(vi.value.div(1 - 0.999 ** t).sqrt().add(1e-8)).mul(1e-3));
  });
  return value;
}
const ts: number[] = [];
let l; for (let i = 0; i < 200; i++) { const s = performance.now(); l = step(); ts.push(performance.now() - s); }
console.log(ts.slice(0, 5).map((x) => x.toFixed(1)), "median", ts.slice(50).sort((a, b) => a - b)[75], "loss", (l as Tensor).toTypedArray());
