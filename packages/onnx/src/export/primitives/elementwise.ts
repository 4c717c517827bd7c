import type { Primitive } from "@nn/tensor/interpreter";
import { int } from "../attributes.js";
import type { GraphWriter } from "../writer.js";
import { refused, sameAs, type Exporter } from "./exporter.js";

type Elementwise = Extract<Primitive,
  | "abs" | "add" | "atan2" | "bitwiseAnd" | "bitwiseLeftShift" | "bitwiseOr" | "bitwiseRightShift" | "bitwiseXor" | "cast" | "ceil" | "cos" | "div" | "equal" | "erf"
  | "erfc" | "erfInv" | "exp" | "expm1" | "floor" | "less" | "lessEqual" | "log" | "log1p" | "logicalAnd" | "logicalNot" | "logicalOr" | "maximum" | "minimum" | "mul"
  | "neg" | "pow" | "remainder" | "round" | "select" | "sigmoid" | "sign" | "sin" | "sqrt" | "sub" | "tanh" | "trunc">;

/** Comparisons of ONNX do not take bool. */
const comparison = (opType: string): Exporter<"less" | "lessEqual"> => (writer, inputs, node) => {
  const isBool = node.inputs[0].type.dtype === "bool";
  return writer.op(opType, inputs.map((input) => (isBool ? writer.cast(input, "int32") : input)));
};

const noBits = refused("ONNX has operators on bits from opset 18 on");

/** exp(x) − 1 = tanh(x / 2) · (exp(x) + 1), which does not cancel near 0. */
const expm1: Exporter<"expm1"> = (writer, [x], { type: { dtype } }) => {
  const half = writer.op("Mul", [x, writer.number(0.5, dtype)]);
  return writer.op("Mul", [writer.op("Tanh", [half]), writer.op("Add", [writer.op("Exp", [x]), writer.number(1, dtype)])]);
};

/** log(1 + x): near 0, log(u) · x / (u − 1) with u = 1 + x, as rounded (Kahan; Goldberg 1991, theorem 4). */
const log1p: Exporter<"log1p"> = (writer, [x], { type: { dtype } }) => {
  const one = writer.number(1, dtype);
  const sum = writer.op("Add", [x, one]);
  const logarithm = writer.op("Log", [sum]);
  const corrected = writer.op("Mul", [logarithm, writer.op("Div", [x, writer.op("Sub", [sum, one])])]);
  const near = writer.op("Where", [writer.op("Equal", [sum, one]), x, corrected]);
  return writer.op("Where", [writer.op("Less", [writer.op("Abs", [x]), one]), near, logarithm]);
};

/** The remainder with the sign of the divisor. ONNX has that for whole numbers; for others, it has the sign of the dividend. */
const remainder: Exporter<"remainder"> = (writer, [x, y], { type: { dtype } }) => {
  if (dtype === "int32") return writer.op("Mod", [x, y]);
  const zero = writer.number(0, dtype);
  const rest = writer.op("Mod", [x, y], { fmod: int(1) });
  const isNegative = (value: string): string => writer.op("Less", [value, zero]);
  const differs = writer.op("And", [writer.op("Xor", [isNegative(rest), isNegative(y)]), writer.op("Not", [writer.op("Equal", [rest, zero])])]);
  return writer.op("Where", [differs, writer.op("Add", [rest, y]), rest]);
};

/** The angle of a point: that of the quotient, and half a turn more or less where x is negative. */
const atan2: Exporter<"atan2"> = (writer, [y, x], { type: { dtype } }) => {
  const zero = writer.number(0, dtype);
  const half = writer.number(Math.PI, dtype);
  const isBelow = writer.op("Less", [y, zero]);
  const angle = writer.op("Atan", [writer.op("Div", [y, x])]);
  const turned = writer.op("Where", [isBelow, writer.op("Sub", [angle, half]), writer.op("Add", [angle, half])]);
  const upright = writer.op("Mul", [writer.op("Sign", [y]), writer.number(Math.PI / 2, dtype)]);
  return writer.op("Where", [writer.op("Equal", [x, zero]), upright, writer.op("Where", [writer.op("Less", [x, zero]), turned, angle])]);
};

/** `condition ? x : y`. ONNX Runtime does not select bools. */
const select: Exporter<"select"> = (writer, [condition, x, y], { type: { dtype } }) => {
  if (dtype !== "bool") return writer.op("Where", [condition, x, y]);
  return writer.op("Or", [writer.op("And", [condition, x]), writer.op("And", [writer.op("Not", [condition]), y])]);
};

const trunc = (writer: GraphWriter, [x]: readonly [string]): string => writer.op("Mul", [writer.op("Sign", [x]), writer.op("Floor", [writer.op("Abs", [x])])]);

export const elementwise: { readonly [P in Elementwise]: Exporter<P> } = {
  abs: sameAs("Abs"), ceil: sameAs("Ceil"), cos: sameAs("Cos"), erf: sameAs("Erf"), exp: sameAs("Exp"), floor: sameAs("Floor"), log: sameAs("Log"), neg: sameAs("Neg"),
  round: sameAs("Round"), sigmoid: sameAs("Sigmoid"), sign: sameAs("Sign"), sin: sameAs("Sin"), sqrt: sameAs("Sqrt"), tanh: sameAs("Tanh"), logicalNot: sameAs("Not"),
  add: sameAs("Add"), sub: sameAs("Sub"), mul: sameAs("Mul"), div: sameAs("Div"), pow: sameAs("Pow"), maximum: sameAs("Max"), minimum: sameAs("Min"),
  logicalAnd: sameAs("And"), logicalOr: sameAs("Or"), equal: sameAs("Equal"), less: comparison("Less"), lessEqual: comparison("LessOrEqual"),
  expm1, log1p, remainder, atan2, select, trunc,
  cast: (writer, [x], { attributes: { dtype } }) => writer.cast(x, dtype),
  /** For large x, digits are lost that `erfc` keeps: the error is that of 1 in float32, 6e-8. */
  erfc: (writer, [x], { type: { dtype } }) => writer.op("Sub", [writer.number(1, dtype), writer.op("Erf", [x])]),
  erfInv: refused("ONNX has no inverse error function"),
  bitwiseAnd: noBits, bitwiseOr: noBits, bitwiseXor: noBits, bitwiseLeftShift: noBits, bitwiseRightShift: noBits,
};
