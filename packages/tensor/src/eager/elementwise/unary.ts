import { erf as erfOf, erfc as erfcOf } from "../../special/error-function.js";
import { erfInv as erfInvOf } from "../../special/inverse-error-function.js";
import { sigmoid as sigmoidOf } from "../../special/sigmoid.js";
import type { ElementwiseLoops } from "./by-blocks.js";

/** The whole numbers of float64 begin at 2⁵²: adding it leaves no room for a fraction, and rounds halves to even. */
const wholeFrom = 2 ** 52;

function roundHalfToEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < wholeFrom) || x === 0) return x;
  const rounded = magnitude + wholeFrom - wholeFrom;
  return x < 0 ? -rounded : rounded;
}

export const neg: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = -(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = -(x[i] as number); },
];

export const abs: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.abs(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.abs(x[i] as number); },
];

export const sign: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sign(x[i] as number); },
];

export const floor: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.floor(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.floor(x[i] as number); },
];

export const ceil: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.ceil(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.ceil(x[i] as number); },
];

export const round: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = roundHalfToEven(x[i] as number); },
];

export const trunc: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.trunc(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.trunc(x[i] as number); },
];

export const sqrt: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sqrt(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sqrt(x[i] as number); },
];

export const exp: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.exp(x[i] as number); },
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.exp(x[i] as number); },
];

export const expm1: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.expm1(x[i] as number); },
];

export const log: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.log(x[i] as number); },
];

export const log1p: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.log1p(x[i] as number); },
];

export const sin: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sin(x[i] as number); },
];

export const cos: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.cos(x[i] as number); },
];

export const tanh: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.tanh(x[i] as number); },
];

export const sigmoid: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = sigmoidOf(x[i] as number); },
];

export const erf: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfOf(x[i] as number); },
];

export const erfc: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfcOf(x[i] as number); },
];

export const erfInv: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfInvOf(x[i] as number); },
];

export const logicalNot: ElementwiseLoops = [
  (count, out, x) => { for (let i = 0; i < count; i++) out[i] = 1 - (x[i] as number); },
];
