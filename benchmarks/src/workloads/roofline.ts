import type { Case, TimedWorkload } from "./workload.js";

const flops = 2e8;

const arithmetic = (name: string, setting: Case["setting"]): Case => ({
  name, parameters: { flops }, cost: { kind: "arithmetic", flops }, competitors: ["roofline"], ...(setting === undefined ? {} : { setting }),
});

const traffic = (name: string, bytes: number, pattern: "copy" | "triad" | "read", threads = 1): Case => ({
  name, parameters: { bytes }, cost: { kind: "traffic", bytes, pattern }, competitors: ["roofline"], setting: { threads },
});

export const roofline: TimedWorkload = {
  kind: "timed",
  name: "roofline",
  title: "The limits of WebAssembly on this machine",
  cases: [
    arithmetic("fused multiply-add in registers", {}),
    arithmetic("multiply and add in registers", { variant: "unfused" }),
    arithmetic("fused multiply-add, 2 threads", { threads: 2 }),
    traffic("copy, 2 x 4 MB", 8e6, "copy"),
    traffic("copy, 2 x 64 MB", 128e6, "copy"),
    traffic("copy, 2 x 64 MB, 2 threads", 128e6, "copy", 2),
    traffic("triad, 3 x 64 MB", 192e6, "triad"),
    traffic("read, 128 MB", 128e6, "read"),
  ],
};
