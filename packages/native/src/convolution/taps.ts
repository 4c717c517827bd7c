import { stridesOf } from "@nn/tensor/extend";
import type { Mem } from "../assembler/memory.js";
import { rax, rbx, rcx, type Gpr } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import { inLine, lastAxis, tapsOf, type Geometry } from "./geometry.js";
import type { Plan } from "./plan.js";

/** A step of the sums: one tap, or a vector of taps. Distances in bytes. */
export interface Tap {
  readonly image: number;
  readonly weights: number;
  /** The taps that count, if not all lanes do. */
  readonly part: Part | undefined;
}

interface TapLoop {
  readonly count: number;
  readonly image: number;
  readonly weights: number;
  readonly body: readonly TapNode[];
}

/** What the code of a sum consists of. */
export type TapNode = Tap | TapLoop;

const isTap = (node: TapNode): node is Tap => !("body" in node);

/** So many multiply-adds are written one after another. */
const longestBody = 256;

/** The steps of sums over some channels, for tiles of `sums` vectors. */
export function tapNodes(geometry: Geometry, { lanes, layout }: Plan, channels: number, sums: number, w: VectorWriter): readonly TapNode[] {
  const most = Math.floor(longestBody / sums);
  const { axes } = geometry;
  const taps = axes.map((axis) => axis.taps);
  const [plane = 0, ...pitches] = stridesOf([channels, ...layout.shape]);
  const weightSteps = stridesOf(taps);
  const loops = axes.slice(0, -1).map((axis, number) => ({ count: axis.taps, image: 4 * axis.dilation * (pitches[number] ?? 0), weights: 4 * (weightSteps[number] ?? 0) }));
  const line = lanes === "windows" ? singleTaps(geometry, layout, most) : vectorsOfTaps(geometry, w, most);
  return [{ count: channels, image: 4 * plane, weights: 4 * tapsOf(geometry) }, ...loops].reduceRight<readonly TapNode[]>((body, loop) => repeated(body, loop, most), line);
}

function repeated(body: readonly TapNode[], { count, image, weights }: Omit<TapLoop, "body">, most: number): readonly TapNode[] {
  if (count === 1) return body;
  if (!body.every(isTap) || body.length * count > most) return [{ count, image, weights, body }];
  return Array.from({ length: count }, (_, at) => body.map((tap) => ({ ...tap, image: tap.image + at * image, weights: tap.weights + at * weights }))).flat();
}

/** The taps of a line, where the lanes hold windows. */
function singleTaps(geometry: Geometry, layout: Plan["layout"], most: number): readonly TapNode[] {
  const { taps, dilation } = lastAxis(geometry);
  if (layout.phases === 1) return repeated([{ image: 0, weights: 0, part: undefined }], { count: taps, image: 4 * dilation, weights: 4 }, most);
  return Array.from({ length: taps }, (_, tap) => ({ image: 4 * inLine(layout, tap * dilation), weights: 4 * tap, part: undefined }));
}

/** The taps of a line, where the lanes hold taps: whole vectors, and a part of one. */
function vectorsOfTaps(geometry: Geometry, w: VectorWriter, most: number): readonly TapNode[] {
  const { taps } = lastAxis(geometry);
  const { lanes, bytes } = w.level;
  const whole = Math.floor(taps / lanes);
  const vectors = whole === 0 ? [] : repeated([{ image: 0, weights: 0, part: undefined }], { count: whole, image: bytes, weights: bytes }, most);
  return taps % lanes === 0 ? vectors : [...vectors, { image: whole * bytes, weights: whole * bytes, part: w.definedPart(taps % lanes) }];
}

/** Writes the steps. The image is at rax, the weights at rcx. Overwrites rbx. */
export function writeTaps(f: KernelFunction, nodes: readonly TapNode[], step: (tap: Tap) => void): void {
  const { asm } = f;
  for (const node of nodes) {
    if (isTap(node)) {
      step(node);
      continue;
    }
    const { count, image, weights, body } = node;
    f.repeat(counterFor(f, node), () => {
      writeTaps(f, body, step);
      asm.arithmetic("add", rax, image);
      asm.arithmetic("add", rcx, weights);
    });
    asm.arithmetic("sub", rax, count * image);
    asm.arithmetic("sub", rcx, count * weights);
  }
}

/** What counts the iterations of a loop: rbx in an innermost one. */
function counterFor(f: KernelFunction, { count, body }: TapLoop): Gpr | Mem {
  if (body.every(isTap)) {
    f.asm.set(rbx, count);
    return rbx;
  }
  const counter = f.variable();
  f.assign(counter, count);
  return counter;
}
