import { resultDType } from "../../src/extend.js";
import * as nn from "../../src/index.js";
import type { Operand, Tensor } from "../../src/index.js";
import type { RecordedArguments } from "../reference.js";

type Run = (inputs: readonly Tensor[], args: RecordedArguments) => Tensor;

const unary = (run: (x: Tensor) => Tensor): Run => ([x]) => run(x as Tensor);

/** The second operand is the second input or a plain number in the arguments. */
const binary = (run: (x: Tensor, y: Operand) => Tensor): Run => ([x, y], args) => run(x as Tensor, y ?? (args["other"] as number));

const scaled = (run: (x: Operand, y: Operand) => Tensor): Run =>
  ([x, y], { other, alpha }) => run(x as Tensor, nn.mul(y ?? (other as number), (alpha as number | undefined) ?? 1));

const truncatedQuotient = (x: Tensor, y: Operand): Tensor => nn.cast(nn.trunc(nn.div(x, y)), resultDType("div", [x, y]));

/** What stands for PyTorch's elementwise functions. */
export const elementwiseCounterparts: Readonly<Record<string, Run>> = {
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
  "torch.deg2rad": unary((x) => nn.mul(x, Math.PI / 180)),
  "torch.rad2deg": unary((x) => nn.mul(x, 180 / Math.PI)),
  "torch.logit": ([x], { eps }) => nn.logit(x as Tensor, { epsilon: eps as number | undefined }),
  "torch.nan_to_num": ([x], { nan, posinf, neginf }) =>
    nn.nanToNum(x as Tensor, {
      nan: nan as number | undefined, positiveInfinity: posinf as number | undefined, negativeInfinity: neginf as number | undefined,
    }),
  "torch.add": scaled(nn.add),
  "torch.sub": scaled(nn.sub),
  "torch.mul": binary(nn.mul),
  "torch.div": (inputs, args) =>
    binary(args["rounding_mode"] === "floor" ? nn.floorDivide : args["rounding_mode"] === "trunc" ? truncatedQuotient : nn.div)(inputs, args),
  "torch.pow": ([x, y], { self, exponent }) => (self === undefined ? nn.pow(x as Tensor, y ?? (exponent as number)) : nn.pow(self as number, x as Tensor)),
  "torch.maximum": binary(nn.maximum), "torch.minimum": binary(nn.minimum), "torch.fmax": binary(nn.fmax), "torch.fmin": binary(nn.fmin),
  "torch.atan2": binary(nn.atan2), "torch.hypot": binary(nn.hypot), "torch.logaddexp": binary(nn.logAddExp),
  "torch.logaddexp2": binary(nn.logAddExp2), "torch.xlogy": binary(nn.xlogy), "torch.copysign": binary(nn.copySign),
  "torch.remainder": binary(nn.remainder), "torch.fmod": binary(nn.fmod), "torch.floor_divide": binary(nn.floorDivide),
  "torch.clamp": ([x, low, high], { min, max }) => nn.clamp(x as Tensor, low ?? (min as number | undefined), high ?? (max as number | undefined)),
  "torch.where": ([condition, x, y]) => nn.where(condition as Tensor, x as Tensor, y as Tensor),
  "torch.lerp": ([x, y, weight], args) => nn.lerp(x as Tensor, y as Tensor, weight ?? (args["weight"] as number)),
  "torch.addcmul": ([x, y, z], { value }) => nn.add(x as Tensor, nn.mul(nn.mul(y as Tensor, z as Tensor), value as number)),
  "torch.addcdiv": ([x, y, z], { value }) => nn.add(x as Tensor, nn.mul(nn.div(y as Tensor, z as Tensor), value as number)),
  "torch.eq": binary(nn.equal), "torch.ne": binary(nn.notEqual), "torch.lt": binary(nn.less), "torch.le": binary(nn.lessEqual),
  "torch.gt": binary(nn.greater), "torch.ge": binary(nn.greaterEqual),
  "torch.isclose": ([x, y], { rtol, atol, equal_nan: equalNaN }) =>
    nn.isClose(x as Tensor, y as Tensor, {
      relativeTolerance: rtol as number, absoluteTolerance: atol as number, equalNaN: equalNaN as boolean,
    }),
  "torch.logical_and": binary(nn.logicalAnd), "torch.logical_or": binary(nn.logicalOr), "torch.logical_xor": binary(nn.logicalXor),
  "torch.bitwise_and": binary(nn.bitwiseAnd), "torch.bitwise_or": binary(nn.bitwiseOr), "torch.bitwise_xor": binary(nn.bitwiseXor),
  "torch.bitwise_not": unary(nn.bitwiseNot), "torch.bitwise_left_shift": binary(nn.bitwiseLeftShift),
  "torch.bitwise_right_shift": binary(nn.bitwiseRightShift),
};
