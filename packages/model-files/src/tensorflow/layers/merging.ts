import { LayerProblem } from "../config.js";
import { axisHere, describeShape, type Converter } from "../layer.js";
import { Dot, Join, Merge } from "../modules/merge.js";

const merge = (kind: Merge["kind"]): Converter => ({ inputs }) => {
  const [first, ...others] = inputs;
  if (first === undefined || others.some(({ shape }) => shape.length !== first.shape.length)) throw new LayerProblem(`its inputs are ${inputs.map(({ shape }) => describeShape(shape)).join(" and ")}, expected the same rank`);
  const shape = first.shape.map((size, axis) => (others.some((other) => other.shape[axis] === null) ? null : others.reduce((most, other) => (most === 1 ? other.shape[axis] ?? null : most), size)));
  return { modules: [new Merge(kind)], value: { shape } };
};

/** An axis of TensorFlow.js, in which the batch is 0, from the first one. @throws LayerProblem if it is the batch, or there is none. */
function requireAxis(axis: unknown, rank: number): number {
  const from0 = typeof axis === "number" && axis < 0 ? axis + rank : axis;
  if (!Number.isSafeInteger(from0) || (from0 as number) < 1 || (from0 as number) >= rank) throw new LayerProblem(`axis ${JSON.stringify(axis)} is not supported`);
  return from0 as number;
}

const concatenate: Converter = ({ inputs, config }) => {
  const [first, ...others] = inputs;
  if (first === undefined) throw new LayerProblem("it has no inputs");
  const axis = requireAxis(config.raw("axis") ?? -1, first.shape.length + 1);
  if (others.some(({ shape }) => shape.length !== first.shape.length)) throw new LayerProblem(`its inputs are ${inputs.map(({ shape }) => describeShape(shape)).join(" and ")}, expected the same rank`);
  const total = inputs.reduce<number | null>((sum, { shape }) => (sum === null || shape[axis - 1] === null ? null : sum + (shape[axis - 1] ?? 0)), 0);
  return { modules: [new Join(axisHere(first, axis))], value: { shape: first.shape.with(axis - 1, total) } };
};

const dot: Converter = ({ inputs, config }) => {
  const [a, b, ...others] = inputs;
  if (a === undefined || b === undefined || others.length > 0 || [a, b].some(({ shape }) => shape.length > 2)) throw new LayerProblem(`its inputs are ${inputs.map(({ shape }) => describeShape(shape)).join(" and ")}, expected two of rank 1 or 2`);
  const given = config.raw("axes");
  const [first, second]: readonly unknown[] = Array.isArray(given) ? given : [given, given];
  const axes = [requireAxis(first, a.shape.length + 1), requireAxis(second, b.shape.length + 1)] as const;
  const shape = [...a.shape.toSpliced(axes[0] - 1, 1), ...b.shape.toSpliced(axes[1] - 1, 1)];
  return { modules: [new Dot(axes, config.boolean("normalize", false))], value: { shape: shape.length === 0 ? [1] : shape } };
};

export const mergingLayers: Readonly<Record<string, Converter>> = {
  Add: merge("add"), Subtract: merge("subtract"), Multiply: merge("multiply"), Average: merge("average"), Maximum: merge("maximum"), Minimum: merge("minimum"), Concatenate: concatenate, Dot: dot,
};
