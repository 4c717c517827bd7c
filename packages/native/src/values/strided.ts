import { at as entry } from "@nn/compiler/target";
import type { Mem } from "../assembler/memory.js";
import type { VectorWriter } from "../vectors/vector-writer.js";
import type { Block } from "./block.js";
import type { Virtual } from "./steps.js";

/** Elements further apart are read one by one more quickly. */
const farthestStride = 4;

/** Whether there is code that reads elements of 32 bits that lie `stride` elements apart. */
export function isSupportedStride(stride: number): boolean {
  return Number.isInteger(stride) && Math.abs(stride) >= 1 && Math.abs(stride) <= farthestStride;
}

/** A vector of neighbouring elements of which some lanes are taken. */
interface Piece {
  /** Its first element, counted from that of lane 0. */
  readonly element: number;
  /** How many elements may be read, if not a whole vector. */
  readonly part: number | undefined;
}

/** The vectors in which elements `stride` apart lie: as many as `count` lanes need, and none beyond the first and the last element. */
function piecesOf(stride: number, count: number, lanes: number): readonly Piece[] {
  const low = Math.min(0, (count - 1) * stride);
  const reach = (count - 1) * Math.abs(stride) + 1;
  if (reach < lanes) return [{ element: low, part: reach }];
  return Array.from({ length: Math.ceil(reach / lanes) }, (_, piece) => ({ element: low + Math.min(piece * lanes, reach - lanes), part: undefined }));
}

/** The lengths of parts of vectors that a strided vector of `count` lanes needs. */
export function strideParts(stride: number, count: number, lanes: number): readonly number[] {
  if (stride === 1) return count < lanes ? [count] : [];
  return piecesOf(stride, count, lanes).flatMap(({ part }) => part ?? []);
}

/** The elements of 32 bits at `memory(0)`, `memory(stride)`, … in the first `count` lanes. */
export function loadStrided(block: Block, w: VectorWriter, memory: (element: number) => Mem, stride: number, count: number): Virtual {
  const { lanes } = w.level;
  const part = (length: number | undefined) => (length === undefined ? undefined : w.definedPart(length));
  if (stride === 1) return block.compute([], (destination) => w.load(destination, memory(0), part(count < lanes ? count : undefined)));
  const pieces = piecesOf(stride, count, lanes);
  /** The piece that each lane is taken from: the first one that has its element. */
  const pieceOf = Array.from({ length: lanes }, (_, lane) => (lane < count ? pieces.findIndex(({ element }) => lane * stride >= element && lane * stride < element + lanes) : -1));
  const within = (lane: number, piece: number): number => lane * stride - entry(pieces, piece).element;
  const [first, ...others] = pieces;
  if (first === undefined) throw new Error("a vector has elements");
  const indices = (indexOf: (lane: number) => number): Virtual => block.compute([], (destination) => w.load(destination, w.integers(indexOf)));
  const loaded = block.compute([], (destination) => w.load(destination, memory(first.element), part(first.part)));
  const permuted = (piece: number, source: Virtual): Virtual =>
    block.compute([indices((lane) => (pieceOf[lane] === piece ? within(lane, piece) : 0)), source], (destination, [index, x]) => index !== undefined && x !== undefined && w.asm.vector("vpermps", destination, index, x));
  if (others.length === 0) return permuted(0, loaded);
  if (w.level.name === "AVX2") {
    return others.reduce((before, { element }, number) => {
      const own = permuted(number + 1, block.compute([], (destination) => w.load(destination, memory(element))));
      const chosen = pieceOf.reduce((bits, piece, lane) => bits | (piece === number + 1 ? 1 << lane : 0), 0);
      return block.compute([before, own], (destination, [x, y]) => x !== undefined && y !== undefined && w.asm.vector("vblendps", destination, x, y, chosen));
    }, permuted(0, loaded));
  }
  return others.reduce((before, { element }, number) => block.compute([before], (destination, [x]) => {
    if (x === undefined) return;
    // What earlier pieces gave is in its lane already, but for the very first piece.
    const earlier = (lane: number): number => (number === 0 ? within(lane, 0) : lane);
    w.load(destination, w.integers((lane) => (pieceOf[lane] === number + 1 ? lanes + within(lane, number + 1) : (pieceOf[lane] ?? -1) >= 0 && (pieceOf[lane] ?? -1) <= number ? earlier(lane) : 0)));
    w.asm.vector("vpermi2ps", destination, x, memory(element));
  }, true), loaded);
}
