import { at as entry, elementCost, readsOf, storageOf, valuesOf, writesOf, type Affine, type Kernel, type LoopKernel, type Program, type Store, type Value } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import type { ConvolutionKernel } from "./geometry.js";

/** The most that an epilogue may cost, in units of an addition: each vector of a tile has code of its own. */
const mostCost = 32;

/**
 * The program with elementwise loops as epilogues of the convolutions whose results they read: such a loop is computed while the sums are in registers. `isSupported` tells
 * whether there is code for a convolution with its epilogue.
 */
export function fuseConvolutions(program: Program, isSupported: (kernel: ConvolutionKernel) => boolean): Program {
  const results = new Set([...program.outputs, ...program.writes.map(({ from }) => from), ...program.hostCallbacks].map(storageOf));
  const kernels: (Kernel | undefined)[] = [...program.kernels];
  kernels.forEach((kernel, position) => {
    if (kernel?.kind !== "library" || kernel.primitive !== "convolution" || kernel.epilogue !== undefined) return;
    const output = storageOf(kernel.output);
    const readers = kernels.flatMap((each, at) => (each !== undefined && readsOf(each).has(output) ? [at] : []));
    const [first = -1] = readers;
    const loop = kernels[first];
    if (loop?.kind !== "loop" || first < position) return;
    const inputs = readsOf(kernel);
    // The convolution runs where the loop ran.
    if (kernels.slice(position + 1, first).some((each) => each !== undefined && [...writesOf(each)].some((buffer) => inputs.has(storageOf(buffer))))) return;
    const fused = withEpilogue(kernel, loop, readers.length > 1 || results.has(output));
    if (fused === undefined || !isSupported(fused)) return;
    kernels[position] = undefined;
    kernels[first] = fused;
  });
  return { ...program, kernels: kernels.filter((kernel) => kernel !== undefined) };
}

/** The convolution with a loop nest as its epilogue, over images, channels and windows; `undefined` if the loop is no elementwise work on the result. */
function withEpilogue(kernel: ConvolutionKernel, loop: LoopKernel, storesOutput: boolean): ConvolutionKernel | undefined {
  const { output } = kernel;
  const domain = [entry(output.shape, 0), entry(output.shape, 1), sizeOf(output.shape.slice(2))];
  const respace = respacing(loop.domain, domain);
  if (respace === undefined || loop.reduced.includes(true) || output.dtype !== "float32") return undefined;
  if ([...valuesOf(loop)].reduce((sum, value) => sum + (value.kind === "apply" ? elementCost(value.primitive) : 0), 0) > mostCost) return undefined;
  const same: Affine = { offset: 0, coefficients: [entry(domain, 1) * entry(domain, 2), entry(domain, 2), 1] };
  const known = new Map<Value, Value | undefined>();
  const moved = (value: Value): Value | undefined => {
    if (!known.has(value)) known.set(value, move(value));
    return known.get(value);
  };
  const move = (value: Value): Value | undefined => {
    if (value.kind === "constant") return value;
    if (value.kind === "load") {
      const at = respace(value.at);
      if (at === undefined) return undefined;
      if (storageOf(value.buffer) !== storageOf(output)) return { ...value, at };
      return isSame(at, same, domain) ? { kind: "accumulator", dtype: output.dtype } : undefined;
    }
    if (value.kind !== "apply") return undefined;
    const inputs = value.inputs.map(moved);
    return inputs.every((input) => input !== undefined) ? { ...value, inputs } : undefined;
  };
  const stores: Store[] = storesOutput ? [{ buffer: output, at: same, value: { kind: "accumulator", dtype: output.dtype } }] : [];
  for (const store of loop.stores) {
    const [at, value] = [respace(store.at), moved(store.value)];
    if (at === undefined || value === undefined) return undefined;
    stores.push({ ...store, at, value });
  }
  return { ...kernel, epilogue: { kind: "loop", domain, reduced: [false, false, false], stores, label: loop.label }, label: `${kernel.label} + ${loop.label}` };
}

const isSame = (x: Affine, y: Affine, domain: readonly number[]): boolean => x.offset === y.offset && domain.every((size, axis) => size === 1 || x.coefficients[axis] === y.coefficients[axis]);

/** A part of a loop that lies in one axis: one of the iterations that follow each other at equal distances. */
interface Piece {
  readonly size: number;
  readonly loop: number;
  /** Iterations of the loop from one of the piece to the next. */
  readonly step: number;
  readonly axis: number;
}

/** Gives positions in a loop nest as positions in another one that runs through the same elements in the same order, where that is possible. */
export function respacing(loops: readonly number[], axes: readonly number[]): ((at: Affine) => Affine | undefined) | undefined {
  const pieces = piecesOf(loops, axes);
  if (pieces === undefined) return undefined;
  return ({ offset, coefficients }) => {
    const ofAxes = axes.map((_, axis) => {
      const own = pieces.filter((piece) => piece.axis === axis && piece.size > 1);
      const [innermost = 0, ...others] = own.map(({ loop, step }) => entry(coefficients, loop) * step);
      let reach = innermost;
      const runsOn = others.every((coefficient, number) => {
        reach *= entry(own, number).size;
        return coefficient === reach;
      });
      return runsOn ? innermost : undefined;
    });
    return ofAxes.every((coefficient) => coefficient !== undefined) ? { offset, coefficients: ofAxes } : undefined;
  };
}

/** The pieces of the loops, the innermost first; `undefined` if the ends of loops and axes do not meet. */
function piecesOf(loops: readonly number[], axes: readonly number[]): readonly Piece[] | undefined {
  if (sizeOf(loops) !== sizeOf(axes)) return undefined;
  const pieces: Piece[] = [];
  let [loop, axis] = [loops.length - 1, axes.length - 1];
  let [inLoop, inAxis] = [1, 1];
  while (loop >= 0 && axis >= 0) {
    const [restOfLoop, restOfAxis] = [entry(loops, loop) / inLoop, entry(axes, axis) / inAxis];
    const size = Math.min(restOfLoop, restOfAxis);
    if (restOfLoop % size > 0 || restOfAxis % size > 0) return undefined;
    pieces.push({ size, loop, step: inLoop, axis });
    [inLoop, inAxis] = [inLoop * size, inAxis * size];
    if (inLoop === loops[loop]) [loop, inLoop] = [loop - 1, 1];
    if (inAxis === axes[axis]) [axis, inAxis] = [axis - 1, 1];
  }
  return pieces;
}
