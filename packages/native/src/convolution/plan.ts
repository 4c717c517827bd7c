import { at } from "@nn/compiler/target";
import { evenness, leastEvenness, parallelMultiplications, segmentsOf, tilesIn, type Segment } from "../matmul/plan.js";
import type { Level } from "../vectors/level.js";
import { flatLength, flatVectors, hasFlatLines } from "./flat.js";
import { geometryOf, inputPlane, lastAxis, layoutOf, multiplicationsOf, patchOf, tapsOf, type ConvolutionKernel, type Geometry, type ImageLayout } from "./geometry.js";

/** What the lanes of a vector hold: neighbouring windows of a line, or neighbouring taps, whose sums are added in the end. */
export type LaneAxis = "windows" | "taps";

/** How a convolution is computed: by tiles of `outputs` times `lines` times `columns`. */
export interface Plan {
  readonly lanes: LaneAxis;
  readonly layout: ImageLayout;
  readonly outputs: readonly Segment[];
  /** Whether the windows of all lines are walked as one line, with the positions between them. */
  readonly isFlat: boolean;
  /** Lines of windows: along the last axis but one. */
  readonly lines: readonly Segment[];
  /** Windows of a line. */
  readonly columns: readonly Segment[];
  /** Channels whose sums are one block. Long sums are sums of blocks, so that rounding errors stay small. */
  readonly channels: readonly Segment[];
  /** What the threads divide among themselves. */
  readonly division: "nothing" | "parts" | "outputs" | "lines";
}

/** The longest sum of products that is not divided into blocks. */
const longestSum = 1024;

/** With at least this many parts, threads divide them. */
const manyParts = 4;

/** Registers besides sums and the operands that stay: for the other operands and products. */
const spareRegisters = 2;

/** Along the last axis, so many taps or windows may lie in several phases: their places are written into the code one by one. */
const mostInPhases = 16;

/** Lines are walked as one up to this many vectors, each of which has code of its own. */
const longestFlat = 12;

/** Walking lines as one is chosen if it uses this part of the lanes more: its results are put in order before they are stored. */
const flatCost = 0.05;

/** Mask registers for parts of vectors, without those that other code needs. */
const mostParts = 4;

/** The part of the lanes that count, if `count` elements lie in them. */
const usedLanes = (count: number, lanes: number): number => count / (Math.ceil(count / lanes) * lanes);

/** What the lanes may hold: how the image lies then, and how many lines of how many windows there are. */
interface Choice {
  readonly lanes: LaneAxis;
  readonly layout: ImageLayout;
  readonly isFlat: boolean;
  readonly lines: number;
  readonly windows: number;
  /** The part of the lanes that hold something. */
  readonly used: number;
}

/** What the lanes can hold, what uses more of them first. */
function choicesFor(geometry: Geometry, level: Level): readonly Choice[] {
  const { windows, taps, stride, dilation } = lastAxis(geometry);
  const lines = at(geometry.axes, -2).windows;
  const [forWindows, forTaps] = [layoutOf(geometry, stride), layoutOf(geometry, dilation)];
  const flat = hasFlatLines(geometry, forWindows) ? flatLength(geometry, forWindows) : Infinity;
  const choices: (Choice & { readonly isPossible: boolean })[] = [
    { lanes: "windows", layout: forWindows, isFlat: false, lines, windows, used: usedLanes(windows, level.lanes), isPossible: forWindows.phases === 1 || taps <= mostInPhases },
    { lanes: "windows", layout: forWindows, isFlat: true, lines: 1, windows: flat, used: (lines * windows) / (Math.ceil(flat / level.lanes) * level.lanes) - flatCost, isPossible: flat <= longestFlat * level.lanes && fitsMasks(geometry, forWindows, level) },
    { lanes: "taps", layout: forTaps, isFlat: false, lines, windows, used: usedLanes(taps, level.lanes), isPossible: forTaps.phases === 1 || (windows <= mostInPhases && fits(1, windows, level)) },
  ];
  return choices.filter(({ isPossible }) => isPossible).toSorted((a, b) => b.used - a.used);
}

/** Whether there are masks enough for the parts of vectors that the lines need if they are walked as one, and each vector has a window. */
function fitsMasks(geometry: Geometry, layout: ImageLayout, { lanes }: Level): boolean {
  const counts = flatVectors(geometry, layout, lanes).map((vector) => vector.lanes.length);
  return !counts.includes(0) && new Set([...counts, flatLength(geometry, layout) % lanes]).size <= mostParts;
}

/** The plan for a convolution, or `undefined` if there is no code for it. */
export function planOf(geometry: Geometry, level: Level, threads: number): Plan | undefined {
  const [choice] = choicesFor(geometry, level);
  if (choice === undefined) return undefined;
  const tile = bestTile(geometry, choice, level);
  const { lanes, layout, isFlat } = choice;
  const { outputs, lines, division } = divided(geometry, choice.lines, tile, threads);
  return { lanes, layout, isFlat, outputs, lines, columns: tile.columns, channels: channelBlocks(geometry, lanes, level), division };
}

/** What the threads divide, and the tiles of outputs and lines. Where tiles are too few to be divided, those of the outputs are made smaller, so that every thread has some. */
function divided(geometry: Geometry, allLines: number, tile: { readonly outputs: number; readonly lines: number }, threads: number): Pick<Plan, "outputs" | "lines" | "division"> {
  const [outputs, lines] = [segmentsOf(geometry.outputs, tile.outputs), segmentsOf(allLines, tile.lines)];
  if (threads === 1 || multiplicationsOf(geometry) < parallelMultiplications) return { outputs, lines, division: "nothing" };
  if (geometry.images * geometry.groups >= manyParts) return { outputs, lines, division: "parts" };
  const shareOf = (segments: readonly Segment[]): number => evenness(tilesIn(segments), threads);
  if (Math.max(shareOf(outputs), shareOf(lines)) < leastEvenness) {
    const smaller = segmentsOf(geometry.outputs, Math.ceil(geometry.outputs / (Math.ceil(tilesIn(outputs) / threads) * threads)));
    if (shareOf(smaller) >= leastEvenness) return { outputs: smaller, lines, division: "outputs" };
  }
  return { outputs, lines, division: shareOf(outputs) >= shareOf(lines) ? "outputs" : "lines" };
}

/** Blocks of channels. The first one is alone, because it does not add to sums before it, and so is the last one, after which the sums are complete. */
function channelBlocks(geometry: Geometry, lanes: LaneAxis, level: Level): Segment[] {
  const { channels } = geometry;
  const { taps } = lastAxis(geometry);
  const products = lanes === "windows" ? tapsOf(geometry) : (tapsOf(geometry) / taps) * Math.ceil(taps / level.lanes);
  const size = Math.min(channels, Math.max(1, Math.floor(longestSum / products)));
  const blocks = Math.ceil(channels / size);
  if (blocks === 1) return [{ size, count: 1 }];
  return [{ size, count: 1 }, { size, count: blocks - 2 }, { size: channels - (blocks - 1) * size, count: 1 }].filter(({ count }) => count > 0);
}

interface Tile {
  readonly outputs: number;
  readonly lines: number;
  readonly columns: readonly Segment[];
}

/** Divides a line into pieces of some vectors, or of some windows if the lanes hold taps. The last piece may be shorter. */
function columnsOf(windows: number, piece: number, isFlat: boolean): Segment[] {
  const whole = Math.floor(windows / piece);
  const rest = { size: windows - whole * piece, count: 1 };
  // The vectors of a line that is several lines differ in what they store, so that each piece has code of its own.
  const pieces = isFlat ? Array.from({ length: whole }, () => ({ size: piece, count: 1 })) : [{ size: piece, count: whole }];
  return [...pieces, rest].filter(({ size, count }) => size > 0 && count > 0);
}

/** The tiles that take the least time by the model of {@link tileTime}. */
function bestTile(geometry: Geometry, { lanes, layout, isFlat, lines: allLines, windows }: Choice, level: Level): Tile {
  const isTap = lanes === "taps";
  const unit = isTap ? 1 : level.lanes;
  const most = Math.ceil(windows / unit);
  // Windows in several phases do not lie at equal distances: all of a line are in one tile.
  const least = isTap && layout.phases > 1 ? most : 1;
  let best: { readonly tile: Tile; readonly time: number } | undefined;
  for (let vectors = least; vectors <= Math.min(most, level.registers); vectors++) {
    const columns = columnsOf(windows, vectors * unit, isFlat);
    for (let lines = 1; lines <= Math.min(allLines, level.registers); lines++) {
      for (let outputs = 1; outputs <= geometry.outputs && fits(outputs, lines * vectors, level); outputs++) {
        const tile = { outputs, lines, columns };
        const time = timeOf(geometry.outputs, allLines, tile, (each) => Math.ceil(each / unit), isTap);
        if (best === undefined || time < best.time) best = { tile, time };
      }
    }
  }
  if (best === undefined) throw new Error("no tile of a convolution fits the registers");
  return best.tile;
}

function fits(rows: number, columns: number, { registers }: Level): boolean {
  return rows * columns + Math.min(rows, columns) + spareRegisters <= registers;
}

function timeOf(allOutputs: number, allLines: number, { outputs, lines, columns }: Tile, vectorsOf: (size: number) => number, isTap: boolean): number {
  let time = 0;
  for (const o of segmentsOf(allOutputs, outputs)) {
    for (const l of segmentsOf(allLines, lines)) {
      for (const c of columns) time += o.count * l.count * c.count * tileTime(o.size, l.size * vectorsOf(c.size), isTap);
    }
  }
  return time;
}

/** Cycles of a step of a tile: two multiply-adds or two loads at a time, at least four because each takes four; a vector of the image lies on two lines of the cache more often than not. */
function tileTime(rows: number, columns: number, isTap: boolean): number {
  const loads = (isTap ? 1.5 : 1) * rows + 1.5 * columns;
  return Math.max((rows * columns) / 2, loads / 2, 4) + 0.1 * loads + 0.5;
}

/** Convolutions with fewer multiplications take less time than the call of machine code. */
const worthwhileMultiplications = 4096;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileConvolution(kernel: ConvolutionKernel): boolean {
  return multiplicationsOf(geometryOf(kernel)) >= worthwhileMultiplications;
}

/** Whether distances within a part fit the 32 bits of immediates and displacements. */
export function isNear(geometry: Geometry, { shape }: ImageLayout): boolean {
  const copy = shape.reduce((product, size) => product * size, geometry.channels);
  const image = geometry.channels * inputPlane(geometry);
  const output = geometry.axes.reduce((product, { windows }) => product * windows, geometry.outputs);
  return [copy, image, output, geometry.outputs * patchOf(geometry)].every((elements) => 4 * elements < 2 ** 30);
}
