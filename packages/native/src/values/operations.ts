import type { DType } from "@nn/tensor";
import type { ElementwisePrimitive } from "@nn/compiler/target";
import { allBits, signBit } from "./bits.js";
import type { Virtual } from "./steps.js";
import { elementaryOperation } from "./elementary.js";
import { maximum, minimum } from "./extremes.js";
import { integerPower, integerRemainder } from "./integers.js";
import type { Operand, Operation, OperationWriter } from "./operation-writer.js";
import { truncate } from "./truncation.js";

type Operations = { readonly [P in ElementwisePrimitive]?: Operation };

function sign(o: OperationWriter, x: Operand): Virtual {
  const input = o.inRegister(x);
  const unit = o.binary("vorps", o.binary("vandps", input, o.bits(signBit)), o.number(1));
  const isSigned = o.binary("vorps", o.compare("less", input, o.number(0)), o.compare("less", o.number(0), input));
  return o.select(isSigned, unit, input);
}

const float32: Operations = {
  neg: (o, x) => o.commutative("vxorps", x, o.bits(signBit)),
  abs: (o, x) => o.commutative("vandps", x, o.bits(~signBit)),
  sign,
  floor: (o, x) => o.round(1, x),
  ceil: (o, x) => o.round(2, x),
  round: (o, x) => o.round(0, x),
  trunc: (o, x) => o.round(3, x),
  sqrt: (o, x) => o.unary("vsqrtps", x),
  add: (o, x, y) => o.commutative("vaddps", x, y),
  sub: (o, x, y) => o.binary("vsubps", x, y),
  mul: (o, x, y) => o.commutative("vmulps", x, y),
  div: (o, x, y) => o.binary("vdivps", x, y),
  maximum,
  minimum,
  equal: (o, x, y) => o.compare("equal", x, y),
  less: (o, x, y) => o.compare("less", x, y),
  lessEqual: (o, x, y) => o.compare("lessEqual", x, y),
};

/** Shifts by 32 bits and more leave 0, or the sign: so do the instructions, which read the count without a sign. */
const int32: Operations = {
  neg: (o, x) => o.binary("vpsubd", o.bits(0), x),
  abs: (o, x) => o.unary("vpabsd", x),
  sign: (o, x) => {
    const input = o.inRegister(x);
    return o.binary("vpsubd", o.compareIntegers("less", input, o.bits(0)), o.compareIntegers("less", o.bits(0), input));
  },
  add: (o, x, y) => o.commutative("vpaddd", x, y),
  sub: (o, x, y) => o.binary("vpsubd", x, y),
  mul: (o, x, y) => o.commutative("vpmulld", x, y),
  pow: integerPower,
  remainder: integerRemainder,
  maximum: (o, x, y) => o.commutative("vpmaxsd", x, y),
  minimum: (o, x, y) => o.commutative("vpminsd", x, y),
  equal: (o, x, y) => o.compareIntegers("equal", x, y),
  less: (o, x, y) => o.compareIntegers("less", x, y),
  lessEqual: (o, x, y) => not(o, o.compareIntegers("less", y, x)),
  bitwiseAnd: (o, x, y) => o.commutative("vandps", x, y),
  bitwiseOr: (o, x, y) => o.commutative("vorps", x, y),
  bitwiseXor: (o, x, y) => o.commutative("vxorps", x, y),
  bitwiseLeftShift: (o, x, y) => o.binary("vpsllvd", x, y),
  bitwiseRightShift: (o, x, y) => o.binary("vpsravd", x, y),
};

const bool: Operations = {
  logicalNot: not,
  logicalAnd: (o, x, y) => o.commutative("vandps", x, y),
  logicalOr: (o, x, y) => o.commutative("vorps", x, y),
  equal: (o, x, y) => not(o, o.commutative("vxorps", x, y)),
  less: (o, x, y) => o.binary("vandnps", x, y),
  lessEqual: (o, x, y) => o.commutative("vorps", not(o, x), y),
  maximum: (o, x, y) => o.commutative("vorps", x, y),
  minimum: (o, x, y) => o.commutative("vandps", x, y),
};

function not(o: OperationWriter, x: Operand): Virtual {
  return o.commutative("vxorps", x, o.bits(allBits));
}

const operations: { readonly [D in DType]: Operations } = { float32, int32, bool, float64: {} };

/** The operation of a primitive on operands of dtype `from`, if there is one. Booleans are masks: all bits of a lane or none. */
export function operationOf(primitive: ElementwisePrimitive, from: DType, to: DType): Operation | undefined {
  if (primitive === "select") return from === "float64" ? undefined : (o, mask, x, y) => o.select(mask, x, y);
  if (primitive === "cast") return castOf(from, to);
  return operations[from][primitive] ?? (from === "float32" ? elementaryOperation(primitive) : undefined);
}

function castOf(from: DType, to: DType): Operation | undefined {
  return from === to ? (from === "float64" ? undefined : (o, x) => o.inRegister(x)) : casts[`${from} to ${to}`];
}

const casts: Readonly<Record<string, Operation>> = {
  "float32 to bool": (o, x) => o.compare("unequal", x, o.number(0)),
  "float32 to int32": truncate,
  "int32 to float32": (o, x) => o.unary("vcvtdq2ps", x),
  "int32 to bool": (o, x) => not(o, o.compareIntegers("equal", x, o.bits(0))),
  "bool to float32": (o, x) => o.commutative("vandps", x, o.number(1)),
  "bool to int32": (o, x) => o.commutative("vandps", x, o.bits(1)),
};
