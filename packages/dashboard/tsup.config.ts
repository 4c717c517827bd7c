import { defineConfig } from "tsup";
import base from "../../tsup.base.ts";

export default defineConfig({ ...base, entry: { index: "src/index.ts", loopback: "src/loopback.ts", main: "src/main.ts", thread: "src/thread.ts" } });
