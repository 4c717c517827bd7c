import { at } from "@nn/compiler/target";
import { segmentsOf, evenness, parallelMultiplications, type Segment } from "../matmul/plan.js";
import type { Level } from "../vectors/level.js";
import { geometryOf, lastAxis, layoutOf, multiplicationsOf, patchOf, tapsOf, type ConvolutionKernel, type Geometry, type ImageLayout } from "./geometry.js";

/** What the lanes of a vector hold: neighbouring windows of a line, or neighbouring taps, whose sums are added in the end. */
export type LaneAxis = "windows" | "taps";

/** How a convolution is computed: by tiles of `outputs` times `lines` times `columns`. */
export interface Plan {
  readonly lanes: LaneAxis;
  readonly layout: ImageLayout;
  readonly outputs: readonly Segment[];
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

/** The part of the lanes that count, if `count` elements lie in them. */
const usedLanes = (count: number, lanes: number): number => count / (Math.ceil(count / lanes) * lanes);

/** What the lanes can hold, what uses more of them first. */
function laneAxes(geometry: Geometry, level: Level): readonly { readonly lanes: LaneAxis; readonly layout: ImageLayout }[] {
  const { windows, taps, stride, dilation } = lastAxis(geometry);
  const both = [
    { lanes: "windows", used: usedLanes(windows, level.lanes), layout: layoutOf(geometry, stride), others: taps },
    { lanes: "taps", used: usedLanes(taps, level.lanes), layout: layoutOf(geometry, dilation), others: windows },
  ] as const;
  return both.filter(({ layout, others }) => layout.phases === 1 || others <= mostInPhases).toSorted((a, b) => b.used - a.used);
}

/** The plan for a convolution, or `undefined` if there is no code for it. */
export function planOf(geometry: Geometry, level: Level, threads: number): Plan | undefined {
  const [chosen] = laneAxes(geometry, level);
  if (chosen === undefined) return undefined;
  const { lanes, layout } = chosen;
  const tile = bestTile(geometry, lanes, layout, level);
  const outputs = segmentsOf(geometry.outputs, tile.outputs);
  const lines = segmentsOf(at(geometry.axes, -2).windows, tile.lines);
  return { lanes, layout, outputs, lines, columns: tile.columns, channels: channelBlocks(geometry, lanes, level), division: divisionOf(geometry, outputs, lines, threads) };
}

function divisionOf(geometry: Geometry, outputs: readonly Segment[], lines: readonly Segment[], threads: number): Plan["division"] {
  if (threads === 1 || multiplicationsOf(geometry) < parallelMultiplications) return "nothing";
  if (geometry.images * geometry.groups >= manyParts) return "parts";
  const tiles = (segments: readonly Segment[]): number => segments.reduce((sum, { count }) => sum + count, 0);
  return evenness(tiles(outputs), threads) >= evenness(tiles(lines), threads) ? "outputs" : "lines";
}

/** Blocks of channels. The first one is alone, because it does not add to sums before it. */
function channelBlocks(geometry: Geometry, lanes: LaneAxis, level: Level): Segment[] {
  const { channels } = geometry;
  const { taps } = lastAxis(geometry);
  const products = lanes === "windows" ? tapsOf(geometry) : (tapsOf(geometry) / taps) * Math.ceil(taps / level.lanes);
  const size = Math.min(channels, Math.max(1, Math.floor(longestSum / products)));
  const whole = Math.floor(channels / size);
  const blocks = [{ size, count: 1 }, { size, count: whole - 1 }, { size: channels - whole * size, count: 1 }];
  return blocks.filter((block) => block.size > 0 && block.count > 0);
}

interface Tile {
  readonly outputs: number;
  readonly lines: number;
  readonly columns: readonly Segment[];
}

/** Divides a line into pieces of some vectors, or of some windows if the lanes hold taps. The last piece may be shorter. */
function columnsOf(windows: number, piece: number): Segment[] {
  const whole = Math.floor(windows / piece);
  return [{ size: piece, count: whole }, { size: windows - whole * piece, count: 1 }].filter(({ size, count }) => size > 0 && count > 0);
}

/** The tiles that take the least time by the model of {@link tileTime}. */
function bestTile(geometry: Geometry, lanes: LaneAxis, layout: ImageLayout, level: Level): Tile {
  const { windows } = lastAxis(geometry);
  const unit = lanes === "windows" ? level.lanes : 1;
  const most = Math.ceil(windows / unit);
  const allLines = at(geometry.axes, -2).windows;
  const whole = lanes === "taps" && layout.phases > 1;
  const isTap = lanes === "taps";
  let best: { readonly tile: Tile; readonly time: number } | undefined;
  for (let vectors = whole ? most : 1; vectors <= Math.min(most, level.registers); vectors++) {
    const columns = columnsOf(windows, vectors * unit);
    for (let lines = 1; lines <= Math.min(allLines, level.registers); lines++) {
      for (let outputs = 1; outputs <= geometry.outputs && fits(outputs, lines * vectors, level); outputs++) {
        const tile = { outputs, lines, columns };
        const time = timeOf(geometry, tile, (each) => Math.ceil(each / unit), isTap);
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

function timeOf(geometry: Geometry, { outputs, lines, columns }: Tile, vectorsOf: (size: number) => number, isTap: boolean): number {
  let time = 0;
  for (const o of segmentsOf(geometry.outputs, outputs)) {
    for (const l of segmentsOf(at(geometry.axes, -2).windows, lines)) {
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
  const image = shape.reduce((product, size) => product * size, geometry.channels);
  const output = geometry.axes.reduce((product, { windows }) => product * windows, geometry.outputs);
  return [image, output, geometry.outputs * patchOf(geometry)].every((elements) => 4 * elements < 2 ** 30);
}
