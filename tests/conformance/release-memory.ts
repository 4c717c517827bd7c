import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Frees the linear memory of variables that are not used any more: that happens after a collection of garbage, in a turn of the event loop. */
export async function releaseMemory(): Promise<void> {
  collectGarbage();
  await setImmediate();
  await setImmediate();
}
