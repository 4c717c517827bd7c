import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** Writes a picture of an example to `examples/output` or the folder of `--output`, and prints its path. */
export function savePicture(name: string, content: string | Uint8Array): void {
  const folder = resolve(process.env["NN_EXAMPLE_OUTPUT"] ?? "examples/output");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, content);
  console.log(`picture: ${relative(process.cwd(), path)}`);
}
