interface V8Module {
  setFlagsFromString(flags: string): void;
}

/** What Node has, or a host that resembles it. */
interface Host {
  readonly arch?: string;
  readonly versions?: { readonly [part: string]: string | undefined };
  getBuiltinModule?(name: string): V8Module | undefined;
}

export const host = (): Host | undefined => Reflect.get(globalThis, "process");

/** Sets a V8 flag for the process. Returns whether it was set. */
export function setFlag(flag: string): boolean {
  try {
    const v8 = host()?.getBuiltinModule?.("node:v8");
    v8?.setFlagsFromString(flag);
    return v8 !== undefined;
  } catch {
    return false; // a host that only resembles Node
  }
}
