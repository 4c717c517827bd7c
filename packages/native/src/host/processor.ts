import { Assembler } from "../assembler/assembler.js";
import { at, Label } from "../assembler/memory.js";
import { r8, rax, rbx, rcx, rdi } from "../assembler/registers.js";
import type { Convention } from "./entries.js";
import type { LevelName } from "../vectors/level.js";
import { ExecutableMemory } from "./executable-memory.js";
import type { Host } from "./host.js";

/** What `cpuid` and `xgetbv` say. */
export interface ProcessorState {
  /** The highest leaf that `cpuid` knows. */
  readonly highestLeaf: number;
  /** Leaf 1, register ecx. */
  readonly features: number;
  /** Leaf 7, register ebx. */
  readonly extendedFeatures: number;
  /** Leaf 7, register ecx. */
  readonly moreFeatures: number;
  /** Leaf 7, subleaf 1, register eax; 0 if there is no such subleaf. */
  readonly latestFeatures: number;
  /** The registers that the operating system saves: extended control register 0. */
  readonly savedState: number;
}

const fma = 1 << 12;
const osxsave = 1 << 27;
const avx2 = 1 << 5;
/** AVX-512 F, DQ, BW and VL. */
const avx512 = (1 << 16) | (1 << 17) | (1 << 30) | (1 << 31);
/** Of leaf 7, register ecx: AVX-512 VNNI. */
const avx512Vnni = 1 << 11;
/** Of leaf 7, subleaf 1: AVX-VNNI. */
const avxVnni = 1 << 4;
/** Of leaf 7, subleaf 1: AVX-512 BF16. */
const avx512Bf16 = 1 << 5;
/** The halves of vectors of 128 and 256 bits. */
const savesYmm = 0b110;
/** The same, masks, and the halves and the other registers of 512 bits. */
const savesZmm = 0b1110_0110;

const has = (bits: number, wanted: number): boolean => (bits & wanted) === wanted;

/** The instruction sets that a processor and its operating system have, the widest first (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapters 14 and 15). */
export function levelsOf({ highestLeaf, features, extendedFeatures, savedState }: ProcessorState): readonly LevelName[] {
  const hasAvx2 = highestLeaf >= 7 && has(features, fma | osxsave) && has(extendedFeatures, avx2) && has(savedState, savesYmm);
  if (!hasAvx2) return [];
  return has(extendedFeatures, avx512) && has(savedState, savesZmm) ? ["AVX-512", "AVX2"] : ["AVX2"];
}

/** The instruction sets in which a processor that has them adds products of bytes (VNNI). */
export function dotProductLevelsOf({ moreFeatures, latestFeatures }: ProcessorState): ReadonlySet<LevelName> {
  return new Set([...(has(moreFeatures, avx512Vnni) ? ["AVX-512" as const] : []), ...(has(latestFeatures, avxVnni) ? ["AVX2" as const] : [])]);
}

/** Whether a processor with AVX-512 multiplies pairs of bfloat16 in one instruction. */
export function hasBfloat16({ latestFeatures }: ProcessorState): boolean {
  return has(latestFeatures, avx512Bf16);
}

/** Writes the state of the processor to the address that it is called with: six numbers of 32 bits. Processors without vectors of 256 bits run it too. */
export function processorCode(convention: Convention): Uint8Array {
  const asm = new Assembler();
  const end = new Label();
  asm.push(rbx);
  asm.mov(r8, convention === "Windows" ? rcx : rdi);
  asm.set(rax.low, 0);
  asm.cpuid();
  asm.mov(at(r8), rax.low);
  asm.set(rax.low, 1);
  asm.cpuid();
  asm.mov(at(r8, 4), rcx.low);
  asm.set(rax.low, 7);
  asm.arithmetic("xor", rcx.low, rcx.low);
  asm.cpuid();
  asm.mov(at(r8, 8), rbx.low);
  asm.mov(at(r8, 16), rcx.low);
  // All registers of a subleaf that is not there are 0.
  asm.set(rax.low, 7);
  asm.set(rcx.low, 1);
  asm.cpuid();
  asm.mov(at(r8, 20), rax.low);
  // xgetbv is there if the operating system says so.
  asm.mov(rax.low, at(r8, 4));
  asm.arithmetic("and", rax.low, osxsave);
  asm.mov(at(r8, 12), rax.low);
  asm.arithmetic("cmp", rax.low, 0);
  asm.jump("e", end);
  asm.arithmetic("xor", rcx.low, rcx.low);
  asm.xgetbv();
  asm.mov(at(r8, 12), rax.low);
  asm.place(end);
  asm.pop(rbx);
  asm.ret();
  return asm.finish();
}

/** Asks the processor. @throws Error if machine code cannot be executed. */
export function processorState(host: Host): ProcessorState {
  const memory = new ExecutableMemory(host, processorCode(host.convention), 0);
  try {
    const answer = new Uint32Array(6);
    host.call(memory.code, host.addressOf(new Uint8Array(answer.buffer)), 0);
    const [highestLeaf = 0, features = 0, extendedFeatures = 0, savedState = 0, moreFeatures = 0, latestFeatures = 0] = answer;
    return { highestLeaf, features, extendedFeatures, moreFeatures, latestFeatures, savedState };
  } finally {
    memory.release();
  }
}
