import { wholePages, type Host } from "./host.js";

/** Machine code that can be executed and not written, and behind it data that can be written and not executed. */
export class ExecutableMemory {
  readonly #host: Host;
  readonly #address: number;
  readonly #codeBytes: number;
  readonly #bytes: number;
  #released = false;

  /** @throws Error if the system gives no memory, or none that can be executed. */
  constructor(host: Host, code: Uint8Array, dataBytes: number) {
    this.#host = host;
    this.#codeBytes = wholePages(code.length);
    this.#bytes = this.#codeBytes + wholePages(dataBytes);
    this.#address = host.reserve(this.#bytes);
    host.write(this.#address, code);
    try {
      host.makeExecutable(this.#address, this.#codeBytes);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Where the code begins. */
  get code(): number {
    return this.#address;
  }

  writeData(bytes: Uint8Array): void {
    this.#host.write(this.#address + this.#codeBytes, bytes);
  }

  /** Gives the memory back. Nothing may run in it any more. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#host.release(this.#address, this.#bytes);
  }
}
