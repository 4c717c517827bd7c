/**
 * Base of classes that Node's `console.log` shows by their `toString`. Only this class contains the symbol, because bundlers keep every class that
 * has a computed member name, used or not.
 */
export abstract class Printable {
  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
