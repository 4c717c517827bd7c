/** A list with the lists in it, or anything else as it is. */
export function copyList<T>(value: T): T;
export function copyList(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each: unknown) => (Array.isArray(each) ? [...(each as readonly unknown[])] : each)) : value;
}

/** Options with the lists in them: a layer does not follow what becomes of the objects that it was made of. */
export function copyOptions<Options extends object>(options: Options): Options;
export function copyOptions(options: object): object {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, copyList<unknown>(value)]));
}
