// The entries of the published packages, as their `exports` list them.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./steps.mjs";

/** What is imported, and its source. `description` is that of the package, for its main entry. */
export function publishedEntries() {
  return readdirSync(resolve(root, "packages")).flatMap((name) => {
    const folder = resolve(root, "packages", name);
    const { exports, description } = JSON.parse(readFileSync(resolve(folder, "package.json"), "utf8"));
    return Object.entries(exports).flatMap(([path, target]) => (!(target["@nn/source"] ?? "").endsWith(".ts") ? [] : [{ name, description: path === "." ? description : undefined, specifier: `@nn/${name}${path.slice(1)}`, source: resolve(folder, target["@nn/source"]) }]));
  });
}
