/** The instruction sets that kernels are written for. */
export type LevelName = "AVX-512" | "AVX2";

/** An instruction set: the width of its vectors, and how many registers there are. */
export interface Level {
  readonly name: LevelName;
  /** Bytes of a vector. */
  readonly bytes: 32 | 64;
  /** Elements of float32 in a vector. */
  readonly lanes: 8 | 16;
  readonly registers: 16 | 32;
}

export const levels: { readonly [N in LevelName]: Level } = {
  "AVX-512": { name: "AVX-512", bytes: 64, lanes: 16, registers: 32 },
  "AVX2": { name: "AVX2", bytes: 32, lanes: 8, registers: 16 },
};
