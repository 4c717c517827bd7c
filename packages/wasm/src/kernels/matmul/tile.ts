import { i32, v128 } from "../../assembler/operators.js";
import type { Local } from "../../assembler/variables.js";
import type { Address, Code, Element, Vector } from "./element.js";

/** An operand of a product in linear memory: its first element is at `address + offset`. Strides are in bytes. */
export interface Operand {
  readonly address: Address;
  readonly offset: number;
  /** From one row of the left operand, or column of the right one, to the next. */
  readonly outerStride: number;
  /** From one element along the shared axis to the next. */
  readonly sharedStride: number;
}

/** A tile of a product, computed in registers over the whole of the shared axis. */
export interface Tile {
  readonly element: Element;
  readonly rows: number;
  readonly columns: number;
  /** Length of the shared axis. */
  readonly shared: number;
  /** Whether products are added without rounding them first, where the machine can. */
  readonly fused: boolean;
  readonly left: Operand;
  readonly right: Operand;
}

/** The rows of a tile, each in vectors of neighbouring columns. */
export type TileRows = readonly (readonly Vector[])[];

type Accumulators = readonly (readonly Local<"v128">[])[];

/** How a step along the shared axis is taken. */
interface Scheme {
  /** Vectors of the right operand, and bytes from one to the next. */
  readonly rightVectors: number;
  readonly rightStride: number;
  /** Elements along the shared axis that a step takes. */
  readonly elements: number;
  loadLeft(address: Address, offset: number): Vector;
}

/**
 * A tile as a sum of outer products: the right operand is contiguous along its columns, and each element of the left one is
 * multiplied with a row of it. Reads whole vectors, also where fewer columns are left.
 */
export function outerTile(b: Code, tile: Tile): TileRows {
  const { element, columns } = tile;
  return accumulate(b, tile, {
    rightVectors: Math.ceil(columns / element.lanes),
    rightStride: 16,
    elements: 1,
    loadLeft: (address, offset) => element.splatLoad(address, { offset }),
  });
}

/**
 * A tile as dot products: both operands are contiguous along the shared axis, the lanes of a vector hold partial sums of one
 * element of the product and are added in the end. Reads whole vectors, also where fewer elements are left.
 */
export function dotTile(b: Code, tile: Tile): TileRows {
  const { element, columns, right } = tile;
  const { lanes } = element;
  const sums = accumulate(b, tile, {
    rightVectors: columns,
    rightStride: right.outerStride,
    elements: lanes,
    loadLeft: (address, offset) => v128.load(address, { offset, align: element.bytes }),
  });
  return sums.map((row) =>
    Array.from({ length: Math.ceil(columns / lanes) }, (_, group) =>
      b.let(element.sumEach(b, row.slice(group * lanes, (group + 1) * lanes))),
    ),
  );
}

/** Multiplications in a turn of the inner loop, at most. */
const multiplicationsInTurn = 12;

function accumulate(b: Code, tile: Tile, scheme: Scheme): Accumulators {
  const { element, rows, shared, left, right } = tile;
  const { rightVectors, elements } = scheme;
  const sums = Array.from({ length: rows }, () =>
    Array.from({ length: rightVectors }, () => b.local("v128", element.zero)),
  );
  const leftStep = left.sharedStride * elements;
  const rightStep = right.sharedStride * elements;
  const a = b.let(left.address);
  const c = b.let(right.address);
  /** Takes `count` steps from where the addresses are, and one more with the first `more` elements only. */
  const steps = (count: number, more = 0): void => {
    for (let at = 0; at < count + Math.sign(more); at++) {
      const mask = at < count ? undefined : firstLanes(element, more);
      const from = { ...left, address: a, offset: left.offset + at * leftStep };
      const to = { ...right, address: c, offset: right.offset + at * rightStep };
      b.scope(() => step(b, { ...tile, left: from, right: to }, scheme, sums, mask));
    }
  };
  const whole = Math.floor(shared / elements);
  const unroll = Math.max(1, Math.min(4, Math.floor(multiplicationsInTurn / (rows * rightVectors))));
  const turns = whole < 2 * unroll ? 0 : Math.floor(whole / unroll);
  if (turns > 0) {
    const end = b.let(i32.add(a, turns * unroll * leftStep));
    b.block((exit) => b.loop((again) => {
      b.brIf(exit, i32.eq(a, end));
      steps(unroll);
      b.set(c, i32.add(c, unroll * rightStep));
      b.set(a, i32.add(a, unroll * leftStep));
      b.br(again);
      b.loop(() => undefined);
    }));
  }
  steps(whole - turns * unroll, shared - whole * elements);
  return sums;
}

/** One step along the shared axis. The operand with fewer vectors stays in registers, the other one passes by. */
function step(b: Code, tile: Tile, scheme: Scheme, sums: Accumulators, mask: Vector | undefined): void {
  const { element, rows, fused, left, right } = tile;
  const { rightVectors, rightStride } = scheme;
  const named = (x: Vector): Local<"v128"> => b.let(mask === undefined ? x : v128.and(x, mask));
  const loadLeft = (i: number) => named(scheme.loadLeft(left.address, left.offset + i * left.outerStride));
  const loadRight = (j: number) =>
    named(v128.load(right.address, { offset: right.offset + j * rightStride, align: element.bytes }));
  const add = (i: number, j: number, x: Vector, y: Vector): void => {
    const sum = sums[i]?.[j];
    if (sum === undefined) return;
    b.set(sum, fused ? element.relaxedMadd(x, y, sum) : element.add(element.mul(x, y), sum));
  };
  if (rows < rightVectors) {
    const kept = Array.from({ length: rows }, (_, i) => loadLeft(i));
    for (let j = 0; j < rightVectors; j++) {
      const y = loadRight(j);
      kept.forEach((x, i) => add(i, j, x, y));
    }
  } else {
    const kept = Array.from({ length: rightVectors }, (_, j) => loadRight(j));
    for (let i = 0; i < rows; i++) {
      const x = loadLeft(i);
      kept.forEach((y, j) => add(i, j, x, y));
    }
  }
}

/** A mask of the first `count` lanes. */
function firstLanes({ bytes }: Element, count: number): Vector {
  return v128.const(Array.from({ length: 16 }, (_, byte) => (byte < count * bytes ? 255 : 0)));
}
