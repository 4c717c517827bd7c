import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** The path of a file of an example: in `examples/output`, or the folder of `--output`. */
export const outputPath = (name: string): string => join(resolve(process.env["NN_EXAMPLE_OUTPUT"] ?? "examples/output"), name);

/** Writes a picture of an example to its {@link outputPath}, and prints the path. */
export function savePicture(name: string, content: string | Uint8Array): void {
  const path = outputPath(name);
  mkdirSync(resolve(path, ".."), { recursive: true });
  writeFileSync(path, content);
  console.log(`picture: ${relative(process.cwd(), path)}`);
}
