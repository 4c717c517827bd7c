import type { Shape } from "@nn/tensor";
import { isFloat, sameShape, sizeOf } from "@nn/tensor/extend";
import type { InputsOf, NdArray, Primitive } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import { isOf, uniformValue, type ApplicationNode, type Graph, type Node } from "../ir/graph.js";
import { opKinds, type OpKind } from "../ir/op-kinds.js";
import { decomposedArgReduce } from "./arg-reduce-decomposition.js";
import { iotaAlong } from "../ir/indices.js";
import { mergedPaddedSum } from "./merged-padded-sums.js";
import { reapplied, rewriteGraph } from "./rewrite.js";

/**
 * Removes dead code, repeated subexpressions and neutral operations, folds constants, shortens chains of movements, and moves transposes into
 * matrix products. Results keep their bits, with two exceptions: powers with small whole exponents become products, and merging padded
 * sums may change the sign of a zero.
 */
export function simplify(graph: Graph): Graph {
  const simple = rewriteGraph(graph, simplified);
  return { ...simple, writes: simple.writes.filter(({ variable, value }) => !isStateOf(value, variable)) };
}

function isStateOf(node: Node, variable: unknown): boolean {
  return node.kind === "state" && node.variable === variable;
}

/** What replaces an application on simplified inputs. `undefined` keeps it. */
type Rule<P extends Primitive> = (builder: GraphBuilder, inputs: InputsOf<P, Node>, node: ApplicationNode<P>) => Node | undefined;

function simplified<P extends Primitive>(builder: GraphBuilder, node: ApplicationNode<P>, nodes: readonly Node[]): Node {
  const inputs = nodes as InputsOf<P, Node>;
  const table: { readonly [Q in Primitive]?: Rule<Q> } = rules;
  const rule: Rule<P> | undefined = table[node.primitive];
  return folded(builder, node, nodes) ?? rule?.(builder, inputs, node) ?? reapplied(builder, node, nodes);
}

/** An elementwise primitive on uniform inputs, computed by its reference kernel. */
function folded<P extends Primitive>(builder: GraphBuilder, node: ApplicationNode<P>, inputs: readonly Node[]): Node | undefined {
  const kind: OpKind = opKinds[node.primitive];
  if (kind !== "elementwise" && kind !== "function") return undefined;
  const arrays = [];
  for (const input of inputs) {
    const value = uniformValue(input);
    if (value === undefined) return undefined;
    const { dtype } = input.type;
    arrays.push({ shape: [], dtype, data: primitives.full.kernel([], { shape: [], dtype, value }, { shape: [], dtype }) });
  }
  const result = node.definition.kernel(arrays as readonly unknown[] as InputsOf<P, NdArray>, node.attributes, { shape: [], dtype: node.type.dtype });
  return builder.apply(primitives.full, [], { ...node.type, value: Number(result[0]) });
}

/** A uniform tensor stays uniform when its elements move. */
const moveUniform = (builder: GraphBuilder, x: Node, shape: Shape): Node | undefined => {
  const value = uniformValue(x);
  return value === undefined ? undefined : builder.apply(primitives.full, [], { shape, dtype: x.type.dtype, value });
};

/** `x` for `f(x, neutral)`, unless that would change the shape. */
function neutral([x, y]: readonly [Node, Node], value: number, side: "right" | "both"): Node | undefined {
  // Whole numbers have only one zero.
  const is = (node: Node): boolean => Object.is(uniformValue(node), isFloat(node.type.dtype) ? value : Math.abs(value));
  if (is(y) && sizeOf(y.type.shape) <= sizeOf(x.type.shape) && y.type.shape.length <= x.type.shape.length) return x;
  if (side === "both" && is(x) && sizeOf(x.type.shape) <= sizeOf(y.type.shape) && x.type.shape.length <= y.type.shape.length) return y;
  return undefined;
}

/** A reduction over axes of size 1 is its input. A reduction of no elements is its neutral element. */
function reduction(empty?: number): Rule<"sum" | "prod" | "max" | "min"> {
  return (builder, [x], { attributes: { axes } }) => {
    if (axes.every((axis) => x.type.shape[axis] === 1)) return x;
    if (empty === undefined || sizeOf(x.type.shape) !== 0) return undefined;
    const shape = x.type.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    return builder.apply(primitives.full, [], { shape, dtype: x.type.dtype, value: empty });
  };
}

function reshaped(builder: GraphBuilder, x: Node, shape: Shape): Node {
  const source = isOf(x, "reshape") && x.attributes.barrier !== true ? x.inputs[0] : x;
  if (sameShape(source.type.shape, shape)) return source;
  return moveUniform(builder, source, shape) ?? builder.apply(primitives.reshape, [source], { shape });
}

/** A permutation that moves only axes of size 1 is a reshape. */
function permuted(builder: GraphBuilder, x: Node, permutation: readonly number[]): Node {
  const sizeAt = (axis: number): number => at(x.type.shape, axis);
  const moving = permutation.filter((axis) => sizeAt(axis) !== 1);
  if (moving.every((axis, position) => position === 0 || axis > at(moving, position - 1))) return reshaped(builder, x, permutation.map(sizeAt));
  return moveUniform(builder, x, permutation.map(sizeAt)) ?? builder.apply(primitives.permute, [x], { permutation });
}

const rules: { readonly [P in Primitive]?: Rule<P> } = {
  neg: (_, [x]) => (isOf(x, "neg") ? x.inputs[0] : undefined),
  add: (builder, inputs) => neutral(inputs, -0, "both") ?? mergedPaddedSum(builder, inputs),
  sub: (_, inputs) => neutral(inputs, 0, "right"),
  mul: (_, inputs) => neutral(inputs, 1, "both"),
  div: (_, inputs) => neutral(inputs, 1, "right"),
  pow: (builder, [x, y], { type }) => {
    const exponent = uniformValue(y);
    if (!sameShape(x.type.shape, type.shape)) return undefined;
    if (exponent === 1) return x;
    if (exponent === 2) return builder.apply(primitives.mul, [x, x], {});
    if (exponent === 3) return builder.apply(primitives.mul, [builder.apply(primitives.mul, [x, x], {}), x], {});
    return undefined;
  },
  cast: (_, [x], { type }) => (x.type.dtype === type.dtype ? x : undefined),
  select: (builder, inputs, { type: { shape } }) => {
    const condition = uniformValue(inputs[0]);
    if (condition === undefined) return undefined;
    const chosen = condition === 0 ? inputs[2] : inputs[1];
    return sameShape(chosen.type.shape, shape) ? chosen : builder.apply(primitives.expand, [chosen], { shape });
  },
  sum: reduction(0),
  prod: reduction(1),
  max: reduction(),
  min: reduction(),
  argMax: (builder, [x], node) => decomposedArgReduce("max", builder, x, node),
  argMin: (builder, [x], node) => decomposedArgReduce("min", builder, x, node),

  reshape: (builder, [x], { attributes: { shape, barrier } }) => (barrier === true ? undefined : reshaped(builder, x, shape)),
  expand: (builder, [x], { type: { shape } }) => {
    if (sameShape(x.type.shape, shape)) return x;
    if (isOf(x, "expand")) {
      const [source] = x.inputs;
      return sameShape(source.type.shape, shape) ? source : builder.apply(primitives.expand, [source], { shape });
    }
    return moveUniform(builder, x, shape);
  },
  permute: (builder, [x], { attributes: { permutation } }) => {
    if (isOf(x, "permute")) {
      const inner = x.attributes.permutation;
      const both = permutation.map((axis) => at(inner, axis));
      return permuted(builder, x.inputs[0], both);
    }
    return permuted(builder, x, permutation);
  },
  slice: (builder, [x], { attributes, type }) => {
    const whole = x.type.shape.every((length, axis) => attributes.starts[axis] === 0 && attributes.stops[axis] === length && attributes.steps[axis] === 1);
    return whole ? x : moveUniform(builder, x, type.shape);
  },
  flip: (builder, [x], { attributes: { axes } }) => (axes.length === 0 ? x : moveUniform(builder, x, x.type.shape)),
  pad: (_, [x], { attributes: { low, high, interior } }) => ([low, high, interior].every((list) => list.every((count) => count === 0)) ? x : undefined),
  concat: (_, inputs) => (inputs.length === 1 ? inputs[0] : undefined),

  matmul: (builder, [a, b], { definition, attributes: { transposeA, transposeB }, type }) => {
    if (a.type.shape.at(transposeA ? -2 : -1) === 0) return builder.apply(primitives.full, [], { ...type, value: 0 });
    if (!isFloat(type.dtype)) return productOfWhole(builder, transposeA ? swapped(builder, a) : a, transposeB ? swapped(builder, b) : b, type.shape);
    if (type.dtype === "float32" && type.shape.at(-1) === 1 && type.shape.at(-2) === 1) return dotProduct(builder, a, b, type.shape);
    const left = untransposed(a);
    const right = untransposed(b);
    if (left === undefined && right === undefined) return undefined;
    return builder.apply(definition, [left ?? a, right ?? b], {
      transposeA: transposeA !== (left !== undefined),
      transposeB: transposeB !== (right !== undefined),
    });
  },

  /** With one update for each row, a scatter is a comparison of positions with the index. That fuses; a scatter does not. `Graph.checks` keeps the check of the index. */
  scatterAdd: (builder, [base, index, updates], { attributes: { axis } }) => {
    if (index.type.shape[axis] !== 1 || !sameShape(index.type.shape, updates.type.shape)) return undefined;
    const positions = iotaAlong(builder, base.type.shape, axis);
    const zero = builder.apply(primitives.full, [], { shape: [], dtype: base.type.dtype, value: 0 });
    const added = builder.apply(primitives.select, [builder.apply(primitives.equal, [positions, index], {}), updates, zero], {});
    return uniformValue(base) === 0 ? added : builder.apply(primitives.add, [base, added], {});
  },
};

/** No kernel multiplies matrices of whole numbers. `[…, m, k] x [k, n]` is the sum of the products `[…, m, k, n]` over k. */
function productOfWhole(builder: GraphBuilder, a: Node, b: Node, shape: Shape): Node {
  const column = builder.apply(primitives.reshape, [a], { shape: [...a.type.shape, 1] });
  const row = builder.apply(primitives.reshape, [b], { shape: b.type.shape.toSpliced(-2, 0, 1) });
  const products = builder.apply(primitives.mul, [column, row], {});
  const inner = shape.length - 1;
  return reshaped(builder, products.type.shape[inner] === 1 ? products : builder.apply(primitives.sum, [products], { axes: [inner] }), shape);
}

/** The product of one row and one column is a sum of products, and as exact as in eager execution. */
function dotProduct(builder: GraphBuilder, a: Node, b: Node, shape: Shape): Node {
  const k = sizeOf(a.type.shape.slice(-2));
  const line = (x: Node): Node => reshaped(builder, x, [...x.type.shape.slice(0, -2), k, 1]);
  const products = builder.apply(primitives.mul, [line(a), line(b)], {});
  return k === 1 ? products : builder.apply(primitives.sum, [products], { axes: [shape.length - 2] });
}

/** A node with its last two axes exchanged. */
function swapped(builder: GraphBuilder, x: Node): Node {
  const axes = x.type.shape.map((_, axis) => axis);
  return permuted(builder, x, [...axes.slice(0, -2), ...axes.slice(-2).toReversed()]);
}

/** The input of a transpose of the last two axes. */
function untransposed(node: Node): Node | undefined {
  if (!isOf(node, "permute")) return undefined;
  const { permutation } = node.attributes;
  const rank = permutation.length;
  const swaps = permutation.every((axis, index) => axis === (index === rank - 1 ? rank - 2 : index === rank - 2 ? rank - 1 : index));
  return swaps ? node.inputs[0] : undefined;
}
