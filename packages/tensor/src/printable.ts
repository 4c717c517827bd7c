/**
 * Base of classes that Node's `console.log` shows by their `toString`. The symbol stands in this class alone: bundlers keep every class that has
 * a computed name in it, used or not.
 */
export abstract class Printable {
  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
