import { FileError } from "@nn/files";
import { builtin, type Builtins } from "@nn/files/builtin";

/**
 * A file that grows. When `append` returns, the operating system has the bytes, so a killed process does not lose them; `close` waits until they are on
 * the disk. An append that fails (a full disk) leaves the file as it was.
 */
export class AppendedFile {
  readonly path: string;
  readonly #operation: string;
  readonly #fs: Builtins["node:fs"];
  #descriptor: number | undefined;
  #size: number;

  /** Opens a file that exists, or makes a new one and its folder. @throws FileError */
  constructor(operation: string, path: string, how: "open" | "make") {
    this.path = path;
    this.#operation = operation;
    this.#fs = builtin(operation, "node:fs");
    try {
      if (how === "make") this.#fs.mkdirSync(builtin(operation, "node:path").dirname(path), { recursive: true });
      this.#descriptor = this.#fs.openSync(path, how === "make" ? "ax" : "a");
      this.#size = this.#fs.fstatSync(this.#descriptor).size;
    } catch (cause) {
      throw new FileError(operation, "write", path, cause);
    }
  }

  /** @throws FileError if nothing was appended, or the file is closed. */
  append(bytes: Uint8Array): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new FileError(this.#operation, "write", this.path, new Error("it is closed already"));
    try {
      for (let done = 0; done < bytes.length; ) done += this.#fs.writeSync(descriptor, bytes, done);
      this.#size += bytes.length;
    } catch (cause) {
      this.#cut(descriptor);
      throw new FileError(this.#operation, "write", this.path, cause);
    }
  }

  /** Closes the file. Closing again does nothing. @throws FileError if the bytes cannot be written to the disk. */
  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    this.#descriptor = undefined;
    try {
      this.#fs.fsyncSync(descriptor);
    } catch (cause) {
      throw new FileError(this.#operation, "write", this.path, cause);
    } finally {
      this.#fs.closeSync(descriptor);
    }
  }

  /** Removes what a failed append wrote, if the system can. */
  #cut(descriptor: number): void {
    try {
      this.#fs.ftruncateSync(descriptor, this.#size);
    } catch {
      // Readers leave out a last line without its end.
    }
  }
}
