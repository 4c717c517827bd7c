import { setDefaultTarget } from "@nn/compiler";
import { native, type LevelName } from "@nn/native";

/** `NN_TARGET=AVX-512 npx vitest run` (or `AVX2`) runs compiled functions as machine code, in every test that does not choose a target itself. */
const target = await native({ level: process.env["NN_TARGET"] as LevelName, evenSmall: true });
if (target.reason !== undefined) throw new Error(`NN_TARGET: ${target.reason}`);
setDefaultTarget(target);
