/**
 * Makes an accessor of an object's class an own property of the object. So copies by `structuredClone`, `postMessage` and JSON, and comparisons by test tools, see its value. It is
 * the accessor that the class, or a class derived from it, defines.
 */
export function ownAccessor(object: object, name: string): void {
  for (let at: object | null = Object.getPrototypeOf(object) as object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found === undefined) continue;
    Object.defineProperty(object, name, { ...found, enumerable: true, configurable: false });
    return;
  }
}
