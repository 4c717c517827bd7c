import { resolve } from "node:path";
import { isBuiltIn } from "../data/built-in-names.js";
import type { PartialSettings } from "./merge.js";

/** Makes the path of the data absolute, since a run may be continued from another folder. */
export function located<S extends PartialSettings>(settings: S): S {
  const { data } = settings;
  return data === undefined || isBuiltIn(data) ? settings : { ...settings, data: resolve(data) };
}
