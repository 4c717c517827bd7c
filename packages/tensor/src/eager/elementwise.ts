import type { elementwise } from "../primitives/elementwise.js";
import * as binary from "./elementwise/binary.js";
import { cast } from "./elementwise/cast.js";
import { select } from "./elementwise/select.js";
import * as unary from "./elementwise/unary.js";
import type { Kernels } from "./kernel.js";

const { binaryKernel } = binary;
const { unaryKernel } = unary;

export const elementwiseKernels: Kernels<keyof typeof elementwise> = {
  neg: unaryKernel(unary.neg),
  abs: unaryKernel(unary.abs),
  sign: unaryKernel(unary.sign),
  floor: unaryKernel(unary.floor),
  ceil: unaryKernel(unary.ceil),
  round: unaryKernel(unary.round),
  trunc: unaryKernel(unary.trunc),
  sqrt: unaryKernel(unary.sqrt),
  exp: unaryKernel(unary.exp),
  expm1: unaryKernel(unary.expm1),
  log: unaryKernel(unary.log),
  log1p: unaryKernel(unary.log1p),
  sin: unaryKernel(unary.sin),
  cos: unaryKernel(unary.cos),
  tanh: unaryKernel(unary.tanh),
  sigmoid: unaryKernel(unary.sigmoid),
  erf: unaryKernel(unary.erf),
  erfc: unaryKernel(unary.erfc),
  erfInv: unaryKernel(unary.erfInv),
  logicalNot: unaryKernel(unary.logicalNot),

  add: binaryKernel(binary.add, binary.addInt32),
  sub: binaryKernel(binary.sub, binary.subInt32),
  mul: binaryKernel(binary.mul, binary.mulInt32),
  div: binaryKernel(binary.div),
  pow: binaryKernel(binary.pow, binary.powInt32),
  remainder: binaryKernel(binary.remainder, binary.remainderInt32),
  maximum: binaryKernel(binary.maximum),
  minimum: binaryKernel(binary.minimum),
  atan2: binaryKernel(binary.atan2),
  equal: binaryKernel(binary.equal),
  less: binaryKernel(binary.less),
  lessEqual: binaryKernel(binary.lessEqual),
  logicalAnd: binaryKernel(binary.logicalAnd),
  logicalOr: binaryKernel(binary.logicalOr),

  select,
  cast,
};
