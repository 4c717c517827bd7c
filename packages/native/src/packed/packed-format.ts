import type { LibraryKernel } from "@nn/compiler/target";
import type { Vec } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Level, LevelName } from "../vectors/level.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** Products of numbers of which several lie in a word. */
export type PackedKernel = LibraryKernel<"quantizedMatmul"> | LibraryKernel<"bfloat16Matmul">;

/** Which products of packed numbers the processor adds in one instruction. */
export interface PackedInstructions {
  /** Products of bytes: the instruction sets. */
  readonly bytes: ReadonlySet<LevelName>;
  /** Products of bfloat16, with AVX-512. */
  readonly bfloat16: boolean;
}

/** How the products of the numbers in a word are added. */
export interface Products {
  /** The parts of a word that are multiplied one after the other. */
  readonly parts: number;
  /** Puts the numbers of one part of the weights in the lanes. */
  unpack(w: VectorWriter, weights: Vec, part: number): void;
  /** `sums += inputs · weights`. Overwrites `product`. */
  add(w: VectorWriter, sums: Vec, inputs: Vec, weights: Vec, product: Vec): void;
}

/** Writes the code that packs inputs. */
export interface InputPacker {
  /** Writes `k` numbers from r10 on to r11, the last vector filled up with zeros. Overwrites r10, r11, rbx. */
  row(k: number): void;
  /** Writes the columns of a panel, from r10 on, to r11: words of neighbouring rows, which are `stride` bytes apart; rows of words are `packedStride` bytes apart. Overwrites r10, r11, rbx. */
  panel(k: number, stride: number, packedStride: number, vectors: number, part: Part | undefined): void;
}

/** How numbers are packed and multiplied on a level. */
export interface PackedFormat {
  /** The weights in a word. */
  readonly perWord: number;
  /** The words that hold the inputs that meet a word of weights. */
  readonly inputParts: number;
  /** The columns of a panel of weights, in which the words of a row lie side by side; by default all columns. */
  readonly panel: number | undefined;
  readonly products: Products;
  /** The bytes of a packed row, in whole vectors. */
  packedRowBytes(k: number, level: Level): number;
  packer(f: KernelFunction, w: VectorWriter): InputPacker;
}
