import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { multiplyAddIsFused, wasmLevel } from "@nn/wasm";

/** Facts about the machine, as pairs of name and value. */
export function describeMachine(): readonly (readonly [string, string])[] {
  const processors = cpus();
  const caches = [2, 3].flatMap((index) => {
    const file = `/sys/devices/system/cpu/cpu0/cache/index${index}/size`;
    return existsSync(file) ? [`L${index} ${readFileSync(file, "utf8").trim()}`] : [];
  });
  return [
    ["processor", [processors[0]?.model ?? "unknown", ...caches].join(", ")],
    ["cores", String(processors.length)],
    ["memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["system", `${type()} ${release()}`],
    ["Node", `${process.version}, V8 ${process.versions.v8}`],
    ["WebAssembly", `${wasmLevel()}${multiplyAddIsFused() === true ? ", multiply-add fused" : ""}`],
    ["load when it began", loadavg().map((load) => load.toFixed(2)).join(", ")],
  ];
}
