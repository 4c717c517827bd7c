import type { elementwise } from "../primitives/elementwise.js";
import { erf, erfc } from "../special/error-function.js";
import { erfInv } from "../special/inverse-error-function.js";
import { sigmoid } from "../special/sigmoid.js";
import * as binary from "./elementwise/binary.js";
import { cast } from "./elementwise/cast.js";
import { select } from "./elementwise/select.js";
import * as unary from "./elementwise/unary.js";
import type { Kernels } from "./kernel.js";

const { binaryKernel, eachPair } = binary;
const { unaryKernel, each } = unary;

export const elementwiseKernels: Kernels<keyof typeof elementwise> = {
  neg: unaryKernel(unary.neg),
  abs: unaryKernel(unary.abs),
  sign: unaryKernel(each(Math.sign)),
  floor: unaryKernel(each(Math.floor)),
  ceil: unaryKernel(each(Math.ceil)),
  round: unaryKernel(each(unary.roundHalfToEven)),
  trunc: unaryKernel(each(Math.trunc)),
  sqrt: unaryKernel(unary.sqrt),
  exp: unaryKernel(unary.exp),
  expm1: unaryKernel(each(Math.expm1)),
  log: unaryKernel(unary.log),
  log1p: unaryKernel(each(Math.log1p)),
  sin: unaryKernel(each(Math.sin)),
  cos: unaryKernel(each(Math.cos)),
  tanh: unaryKernel(unary.tanh),
  sigmoid: unaryKernel(each(sigmoid)),
  erf: unaryKernel(each(erf)),
  erfc: unaryKernel(each(erfc)),
  erfInv: unaryKernel(each(erfInv)),
  logicalNot: unaryKernel(unary.logicalNot),

  add: binaryKernel(binary.add),
  sub: binaryKernel(binary.sub),
  mul: binaryKernel(binary.mul, binary.mulInt32),
  div: binaryKernel(binary.div),
  pow: binaryKernel(binary.pow, binary.powInt32),
  remainder: binaryKernel(binary.remainder, binary.remainderInt32),
  maximum: binaryKernel(binary.maximum),
  minimum: binaryKernel(binary.minimum),
  atan2: binaryKernel(eachPair(Math.atan2)),
  equal: binaryKernel(binary.equal),
  less: binaryKernel(binary.less),
  lessEqual: binaryKernel(binary.lessEqual),
  logicalAnd: binaryKernel(binary.logicalAnd),
  logicalOr: binaryKernel(binary.logicalOr),

  select,
  cast,
};
