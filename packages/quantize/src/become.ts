import type { Module } from "@nn/layers";

/**
 * Gives a module the class and the fields of another one. It stays the same object, since the modules that contain it may keep it in private fields, where it
 * could not be replaced.
 */
export function become(module: Module, other: Module): void {
  for (const field of Object.getOwnPropertyNames(module)) {
    if (Object.getOwnPropertyDescriptor(module, field)?.configurable === true) Reflect.deleteProperty(module, field);
  }
  Object.setPrototypeOf(module, Object.getPrototypeOf(other) as object);
  for (const [field, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(other))) {
    if (descriptor.configurable === true) Object.defineProperty(module, field, descriptor);
  }
}
