import type { Stateful } from "@nn/train";
import { Failure } from "../failure.js";
import { grouped } from "../terminal/format.js";
import { fingerprintSchema, sameFingerprint, type Fingerprint } from "./fingerprint.js";

/** The file or folder of a run's data in its checkpoints. Loading one throws a Failure if the content is another now; `advice` says what to do then. */
export function unchangedData(source: Fingerprint | null, run: string, advice: string): Stateful {
  return {
    stateDict: () => ({ source }),
    loadStateDict: (state) => {
      const before = fingerprintSchema.nullable().parse(Object(state).source);
      if (before === null || source === null || sameFingerprint(before, source)) return;
      const sizes = before.bytes === source.bytes ? "" : ` (${grouped(before.bytes)} bytes then, ${grouped(source.bytes)} now)`;
      throw new Failure(`the data have changed since the run in ${run} began${sizes}, so it cannot continue with the same results; restore the old file, or ${advice}`);
    },
  };
}
