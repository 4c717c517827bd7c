/** Functions that a module defines if one of its layers needs them. */
export const moduleFunctions = {
  float32Rows: `/** The rows of a matrix, from its float32 in base64. */
const float32Rows = (text, columns) => {
  const view = new DataView(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
  return Array.from({ length: view.byteLength / 4 / columns }, (_, row) => Array.from({ length: columns }, (_, at) => view.getFloat32(4 * (row * columns + at), true)));
};`,
  dense: `/** The affine map W x + b. */
const dense = (x, weight, bias) => weight.map((row, unit) => row.reduce((sum, w, at) => sum + w * x[at], bias[unit]));`,
  clamp: "const clamp = (v, low, high) => Math.min(Math.max(v, low), high);",
  softplus: `/** log(1 + e^v), without overflow. */
const softplus = (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));`,
  logSoftmax: `/** The logarithms of the softmax, without overflow. */
const logSoftmax = (x) => {
  const largest = Math.max(...x);
  const total = x.reduce((sum, v) => sum + Math.exp(v - largest), 0);
  return x.map((v) => v - largest - Math.log(total));
};`,
  erf: `/** The error function, by a series of positive terms (Abramowitz and Stegun 7.1.6). */
const erf = (v) => {
  const a = Math.abs(v);
  if (a > 6) return Math.sign(v);
  let term = a;
  let sum = a;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * a * a) / (2 * n + 1);
    sum += term;
  }
  return (Math.sign(v) * 2 * Math.exp(-a * a) * sum) / Math.sqrt(Math.PI);
};`,
} as const;
