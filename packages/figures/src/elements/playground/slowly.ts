/** How long a value is shown at least, in milliseconds: nobody reads numbers that change more often, and each change costs a layout. */
const interval = 100;

/** Shows values that change with every frame ten times a second. What stands still is shown at once. */
export class Slowly<Value> {
  readonly #refresh: () => void;
  #shown: { readonly value: Value; readonly since: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `refresh` is called when a value that was held back is due. */
  constructor(refresh: () => void) {
    this.#refresh = refresh;
  }

  /** What is shown in place of the newest value. */
  at(value: Value, isRunning: boolean): Value {
    const now = performance.now();
    const shown = this.#shown ?? { value, since: -Infinity };
    this.#shown = shown;
    if (Object.is(shown.value, value)) return value;
    const left = shown.since + interval - now;
    if (isRunning && left > 0) {
      this.#timer ??= setTimeout(() => this.#due(), left);
      return shown.value;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shown = { value, since: now };
    return value;
  }

  #due(): void {
    this.#timer = undefined;
    this.#refresh();
  }
}
