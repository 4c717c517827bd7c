/**
 * A descriptor that makes an accessor of a class an own property of each object. So copies by `structuredClone`, `postMessage` and JSON, and
 * comparisons by test tools, see its value. It calls the accessor that the class, or a class derived from it, defines.
 */
export function ownAccessor(name: string): PropertyDescriptor & ThisType<object> {
  return {
    enumerable: true,
    get() {
      return Reflect.get(Object.getPrototypeOf(this) as object, name, this);
    },
    set(next: unknown) {
      Reflect.set(Object.getPrototypeOf(this) as object, name, next, this);
    },
  };
}
