import * as nn from "@nn/tensor";
import { resultDType } from "@nn/tensor/extend";
import type { Operand, Tensor } from "@nn/tensor";
import { one, required, three, two, type Operation, type Operations } from "./operation.js";

const unary = (run: (x: Tensor) => Tensor): Operation => one((x) => run(x));

/** The second operand is the second input, or a plain number among the arguments. */
const binary = (run: (x: Tensor, y: Operand) => Tensor): Operation => ([x, y], args) => run(required(x), y ?? args.number("other"));

const scaled = (run: (x: Operand, y: Operand) => Tensor): Operation => (inputs, args, names) =>
  binary((x, y) => run(x, args.has("alpha") ? nn.mul(y, args.number("alpha")) : y))(inputs, args, names);

const truncatedQuotient = (x: Tensor, y: Operand): Tensor => nn.cast(nn.trunc(nn.div(x, y)), resultDType("div", [x, y]));

const division: Operation = (inputs, args, names) => {
  const rounded = args.isGiven("rounding_mode") ? args.choice("rounding_mode", { floor: nn.floorDivide, trunc: truncatedQuotient }) : nn.div;
  args.only("rounding_mode", null, "floor", "trunc");
  return binary(rounded)(inputs, args, names);
};

const power: Operation = ([x, y], args) =>
  (args.has("self") ? nn.pow(args.number("self"), required(x)) : nn.pow(required(x), y ?? args.number("exponent")));

/** The bounds are tensors by name, or plain numbers among the arguments. */
const clamp: Operation = ([x, ...bounds], args, names) => {
  const [low, high] = names.length === 0 ? bounds : [bounds[names.indexOf("min") - 1], bounds[names.indexOf("max") - 1]];
  return nn.clamp(required(x), low ?? args.maybeNumber("min"), high ?? args.maybeNumber("max"));
};

/** Elementwise functions. */
export const elementwise: Operations = {
  "torch.abs": unary(nn.abs), "torch.neg": unary(nn.neg), "torch.exp": unary(nn.exp), "torch.exp2": unary(nn.exp2),
  "torch.expm1": unary(nn.expm1), "torch.log": unary(nn.log), "torch.log2": unary(nn.log2), "torch.log10": unary(nn.log10),
  "torch.log1p": unary(nn.log1p), "torch.sqrt": unary(nn.sqrt), "torch.rsqrt": unary(nn.rsqrt), "torch.square": unary(nn.square),
  "torch.reciprocal": unary(nn.reciprocal), "torch.sin": unary(nn.sin), "torch.cos": unary(nn.cos), "torch.tan": unary(nn.tan),
  "torch.asin": unary(nn.asin), "torch.acos": unary(nn.acos), "torch.atan": unary(nn.atan), "torch.sinh": unary(nn.sinh),
  "torch.cosh": unary(nn.cosh), "torch.tanh": unary(nn.tanh), "torch.asinh": unary(nn.asinh), "torch.acosh": unary(nn.acosh),
  "torch.atanh": unary(nn.atanh), "torch.sigmoid": unary(nn.sigmoid), "torch.erf": unary(nn.erf), "torch.erfc": unary(nn.erfc),
  "torch.erfinv": unary(nn.erfInv), "torch.sign": unary(nn.sign), "torch.floor": unary(nn.floor), "torch.ceil": unary(nn.ceil),
  "torch.round": unary(nn.round), "torch.trunc": unary(nn.trunc), "torch.frac": unary(nn.frac), "torch.relu": unary(nn.relu),
  "torch.lgamma": unary(nn.lgamma), "torch.digamma": unary(nn.digamma), "torch.sinc": unary(nn.sinc),
  "torch.isnan": unary(nn.isNaN), "torch.isinf": unary(nn.isInfinite), "torch.isfinite": unary(nn.isFinite),
  "torch.logical_not": unary(nn.logicalNot),
  "torch.deg2rad": unary((x) => nn.mul(x, Math.PI / 180)), "torch.rad2deg": unary((x) => nn.mul(x, 180 / Math.PI)),
  "torch.logit": one((x, args) => nn.logit(x, { epsilon: args.maybeNumber("eps") })),
  "torch.nan_to_num": one((x, args) => nn.nanToNum(x, {
    nan: args.maybeNumber("nan"), positiveInfinity: args.maybeNumber("posinf"), negativeInfinity: args.maybeNumber("neginf"),
  })),
  "torch.add": scaled(nn.add), "torch.sub": scaled(nn.sub), "torch.mul": binary(nn.mul), "torch.div": division, "torch.pow": power,
  "torch.maximum": binary(nn.maximum), "torch.minimum": binary(nn.minimum), "torch.fmax": binary(nn.fmax), "torch.fmin": binary(nn.fmin),
  "torch.atan2": binary(nn.atan2), "torch.hypot": binary(nn.hypot), "torch.logaddexp": binary(nn.logAddExp),
  "torch.logaddexp2": binary(nn.logAddExp2), "torch.xlogy": binary(nn.xlogy), "torch.copysign": binary(nn.copySign),
  "torch.remainder": binary(nn.remainder), "torch.fmod": binary(nn.fmod), "torch.floor_divide": binary(nn.floorDivide),
  "torch.clamp": clamp,
  "torch.where": three(nn.where),
  "torch.lerp": ([x, y, weight], args) => nn.lerp(required(x), required(y), weight ?? args.number("weight")),
  "torch.addcmul": three((x, y, z, args) => nn.add(x, nn.mul(nn.mul(y, z), args.number("value", 1)))),
  "torch.addcdiv": three((x, y, z, args) => nn.add(x, nn.mul(nn.div(y, z), args.number("value", 1)))),
  "torch.eq": binary(nn.equal), "torch.ne": binary(nn.notEqual), "torch.lt": binary(nn.less), "torch.le": binary(nn.lessEqual),
  "torch.gt": binary(nn.greater), "torch.ge": binary(nn.greaterEqual),
  "torch.isclose": two((x, y, args) => nn.isClose(x, y, {
    relativeTolerance: args.number("rtol", 1e-5), absoluteTolerance: args.number("atol", 1e-8), equalNaN: args.boolean("equal_nan", false),
  })),
  "torch.logical_and": binary(nn.logicalAnd), "torch.logical_or": binary(nn.logicalOr), "torch.logical_xor": binary(nn.logicalXor),
  "torch.bitwise_and": binary(nn.bitwiseAnd), "torch.bitwise_or": binary(nn.bitwiseOr), "torch.bitwise_xor": binary(nn.bitwiseXor),
  "torch.bitwise_not": unary(nn.bitwiseNot), "torch.bitwise_left_shift": binary(nn.bitwiseLeftShift),
  "torch.bitwise_right_shift": binary(nn.bitwiseRightShift),
};
