import { readFileSync } from "node:fs";

/** The version of the program, from its package. */
export const version = versionIn(new URL("../package.json", import.meta.url)) ?? versionIn(new URL("../../package.json", import.meta.url)) ?? "unknown";

/** The built program is in `dist`; this source file is one folder deeper. */
function versionIn(file: URL): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: string; readonly version?: string };
    return name === "@nn/mlp-classifier" ? version : undefined;
  } catch {
    return undefined;
  }
}
