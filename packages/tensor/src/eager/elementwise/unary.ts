import { erf as erfOf, erfc as erfcOf } from "../../special/error-function.js";
import { erfInv as erfInvOf } from "../../special/inverse-error-function.js";
import { sigmoid as sigmoidOf } from "../../special/sigmoid.js";
import type { ElementwiseLoop } from "./by-blocks.js";

/** The whole numbers of float64 begin at 2⁵²: adding it leaves no room for a fraction, and rounds halves to even. */
const wholeFrom = 2 ** 52;

function roundHalfToEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < wholeFrom) || x === 0) return x;
  const rounded = magnitude + wholeFrom - wholeFrom;
  return x < 0 ? -rounded : rounded;
}

export const neg: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = -(x[i] as number);
};

export const abs: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.abs(x[i] as number);
};

export const sign: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.sign(x[i] as number);
};

export const floor: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.floor(x[i] as number);
};

export const ceil: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.ceil(x[i] as number);
};

export const round: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = roundHalfToEven(x[i] as number);
};

export const trunc: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.trunc(x[i] as number);
};

export const sqrt: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.sqrt(x[i] as number);
};

export const exp: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.exp(x[i] as number);
};

export const expm1: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.expm1(x[i] as number);
};

export const log: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.log(x[i] as number);
};

export const log1p: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.log1p(x[i] as number);
};

export const sin: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.sin(x[i] as number);
};

export const cos: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.cos(x[i] as number);
};

export const tanh: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = Math.tanh(x[i] as number);
};

export const sigmoid: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = sigmoidOf(x[i] as number);
};

export const erf: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = erfOf(x[i] as number);
};

export const erfc: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = erfcOf(x[i] as number);
};

export const erfInv: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = erfInvOf(x[i] as number);
};

export const logicalNot: ElementwiseLoop = (count, x) => {
  for (let i = 0; i < count; i++) x[i] = 1 - (x[i] as number);
};
