/** Copies a list and the lists in it. Returns any other value unchanged. */
export function copyList<T>(value: T): T;
export function copyList(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each: unknown) => (Array.isArray(each) ? [...(each as readonly unknown[])] : each)) : value;
}

/** Copies options and the lists in them, so that later changes to the caller's objects do not affect the layer. */
export function copyOptions<Options extends object>(options: Options): Options;
export function copyOptions(options: object): object {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, copyList<unknown>(value)]));
}
