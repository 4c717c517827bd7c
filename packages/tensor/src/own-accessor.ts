/**
 * The descriptor that makes an accessor of a class a property of each object itself, so that copies by `structuredClone`, `postMessage` and
 * JSON, and comparisons by test tools, see its value. It reads and assigns what the class, or one derived from it, defines.
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
