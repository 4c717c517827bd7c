import { sign, tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { Primitive } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { definitionOf } from "./definition-of.js";
import { awayFromZero, exact, sample } from "../samples.js";
import type { RuleCase, RuleCases } from "./case.js";

type Unary =
  | "neg" | "abs" | "sign" | "floor" | "ceil" | "round" | "trunc" | "sqrt" | "exp" | "expm1" | "log" | "log1p" | "sin" | "cos"
  | "tanh" | "sigmoid" | "erf" | "erfc" | "erfInv";
type Binary = "add" | "sub" | "mul" | "div" | "pow" | "remainder" | "maximum" | "minimum" | "atan2";
type Cases = readonly [RuleCase, ...RuleCase[]];

function unary(primitive: Unary & Primitive, low: number, high: number): Cases {
  const f = (x: Tensor): Tensor => apply(definitionOf(primitive), [x], {});
  return [{ apply: f, inputs: [sample([2, 3], low, high)] }, { apply: f, inputs: [sample([], low, high, 7)] }, { apply: f, inputs: [sample([0, 2])] }];
}

/** Every way to broadcast: equal shapes, a scalar on either side, inner and outer axes, both at once, an empty axis. */
function binary(primitive: Binary & Primitive, first: [number, number], second: [number, number] = first): Cases {
  const f = (x: Tensor, y: Tensor): Tensor => apply(definitionOf(primitive), [x, y], {});
  const shapes = [[[2, 3], []], [[], [2, 3]], [[2, 3], [3]], [[3, 1], [2, 3, 4]], [[2, 1], [1, 3]], [[0, 3], [3]], [[1], [0]]] as const;
  const broadcast = shapes.map(([a, b]) => ({ apply: f, inputs: [sample(a, ...first), sample(b, ...second, 5)] }));
  return [{ apply: f, inputs: [sample([2, 3], ...first), sample([2, 3], ...second, 5)] }, ...broadcast];
}

const comparison = (primitive: "equal" | "less" | "lessEqual"): Cases => [
  { apply: (x, y) => apply(definitionOf(primitive), [x as Tensor, y as Tensor], {}).cast("float64"), inputs: [sample([3]), sample([2, 3], -1, 1, 4)] },
];

const logical = (primitive: "logicalAnd" | "logicalOr"): Cases => [
  { apply: (x, y) => apply(definitionOf(primitive), [(x as Tensor).greater(0), (y as Tensor).greater(0)], {}).cast("float64"), inputs: [sample([3]), sample([3])] },
];

const bitwise = (primitive: "bitwiseAnd" | "bitwiseOr" | "bitwiseXor" | "bitwiseLeftShift" | "bitwiseRightShift"): Cases => [
  { apply: (x, y) => apply(definitionOf(primitive), [(x as Tensor).cast("int32"), (y as Tensor).cast("int32")], {}).cast("float64"), inputs: [sample([3], 4.1, 4.9), sample([3], 1.1, 1.9)] },
];

const condition = tensor([[true], [false]]);

export const elementwiseCases = {
  neg: unary("neg", -1, 1),
  abs: [{ apply: (x) => (x as Tensor).abs(), inputs: [awayFromZero([2, 3])] }],
  sign: [{ apply: (x) => sign(x as Tensor), inputs: [awayFromZero([2, 3])] }],
  floor: unary("floor", 0.1, 0.9),
  ceil: unary("ceil", 1.1, 1.9),
  round: unary("round", 0.6, 1.4),
  trunc: unary("trunc", -1.9, -1.1),
  sqrt: unary("sqrt", 0.2, 2),
  exp: unary("exp", -2, 2),
  expm1: unary("expm1", -2, 2),
  log: unary("log", 0.2, 2),
  log1p: unary("log1p", -0.7, 2),
  sin: unary("sin", -3, 3),
  cos: unary("cos", -3, 3),
  tanh: unary("tanh", -2, 2),
  sigmoid: unary("sigmoid", -3, 3),
  erf: unary("erf", -2, 2),
  erfc: unary("erfc", -2, 2),
  erfInv: unary("erfInv", -0.8, 0.8),
  logicalNot: [{ apply: (x) => (x as Tensor).greater(0).logicalNot().cast("float64"), inputs: [sample([3])] }],
  add: binary("add", [-1, 1]),
  sub: binary("sub", [-1, 1]),
  mul: binary("mul", [-1, 1]),
  div: binary("div", [-1, 1], [0.5, 2]),
  pow: [
    ...binary("pow", [0.4, 2], [-2, 3]),
    // Whole constant exponents are smooth everywhere, also at 0 and below.
    ...[0, 1, 2, 3, 4].map((exponent) => ({ apply: (x: Tensor) => x.pow(exponent), inputs: [exact([-1.5, 0, 0.5])] })),
    { apply: (x: Tensor) => x.pow(-2), inputs: [exact([-1.5, 0.5])] },
    // y at and around 0 over a positive base.
    { apply: (x: Tensor, y: Tensor) => x.pow(y), inputs: [exact([0.7, 1.3]), exact([0, 0])] },
  ],
  remainder: [
    { apply: (x, y) => apply(primitives.remainder, [x as Tensor, y as Tensor], {}), inputs: [exact([5.5, -5.5, 5.5, -5.5]), exact([2, 2, -2, -2])] },
    { apply: (x, y) => apply(primitives.remainder, [x as Tensor, y as Tensor], {}), inputs: [exact([[7.3], [0.4], [-3.1]].flat(), [3, 1]), exact([0.9, 1.7])] },
  ],
  maximum: binary("maximum", [-1, 1]),
  minimum: binary("minimum", [-1, 1]),
  atan2: binary("atan2", [-2, -0.5], [0.3, 2]),
  equal: comparison("equal"),
  less: comparison("less"),
  lessEqual: comparison("lessEqual"),
  logicalAnd: logical("logicalAnd"),
  logicalOr: logical("logicalOr"),
  bitwiseAnd: bitwise("bitwiseAnd"),
  bitwiseOr: bitwise("bitwiseOr"),
  bitwiseXor: bitwise("bitwiseXor"),
  bitwiseLeftShift: bitwise("bitwiseLeftShift"),
  bitwiseRightShift: bitwise("bitwiseRightShift"),
  select: [
    { apply: (x, y) => apply(primitives.select, [condition, x as Tensor, y as Tensor], {}), inputs: [sample([2, 3]), sample([2, 3], -1, 1, 3)] },
    { apply: (x, y) => apply(primitives.select, [condition, x as Tensor, y as Tensor], {}), inputs: [sample([]), sample([4, 1, 3], -1, 1, 3)] },
  ],
  cast: [{ apply: (x) => apply(primitives.cast, [(x as Tensor).square()], { dtype: "float64" }), inputs: [sample([3])] }],
} satisfies RuleCases;
