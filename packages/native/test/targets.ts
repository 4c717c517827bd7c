import type { KernelTarget } from "@nn/compiler/target";
import { native, type LevelName } from "../src/index.js";

const levels = ["AVX-512", "AVX2"] as const satisfies readonly LevelName[];

/** The instruction sets of this machine, for kernels of every size. */
export const targets: readonly KernelTarget[] = (await Promise.all(levels.map((level) => native({ level, evenSmall: true })))).filter(({ reason }) => reason === undefined);
