import { createHash } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

export const fingerprintSchema = z.object({ bytes: z.int().nonnegative(), sha256: z.string() });

/** Identifies the content of a file, or of the files of a folder. */
export interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

/** Computes the fingerprint of bytes that arrive in chunks. */
export class Fingerprinter {
  readonly #hash = createHash("sha256");
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** Adds a text, such as the name of the next file, that does not count as bytes of the content. */
  label(text: string): void {
    this.#hash.update(`${text}\n`);
  }

  get result(): Fingerprint {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.bytes === b.bytes && a.sha256 === b.sha256;
}

/** The fingerprint of two sources together. */
export function combinedFingerprint(a: Fingerprint, b: Fingerprint): Fingerprint {
  const print = new Fingerprinter();
  print.label(`${a.sha256} ${b.sha256}`);
  return { bytes: a.bytes + b.bytes, sha256: print.result.sha256 };
}

/** The fingerprint of the IDX files in a folder, in the order of their names. */
export async function folderFingerprint(folder: string): Promise<Fingerprint> {
  const names = (await readdir(folder)).filter((name) => /idx\d-ubyte(\.gz)?$/.test(name)).toSorted();
  const print = new Fingerprinter();
  for (const name of names) {
    const file = await open(join(folder, name));
    for await (const chunk of file.createReadStream()) if (chunk instanceof Uint8Array) print.add(chunk);
  }
  return print.result;
}
