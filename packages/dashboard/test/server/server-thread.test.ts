import { expect, it } from "vitest";
import { startServerThread } from "../../src/plugin/server-thread.js";

it("a server whose program is not there, as in a bundle, is refused with what to do", async () => {
  await expect(startServerThread({ folder: "runs", port: 0 }, "/nowhere/thread.js")).rejects.toThrow("dashboard: the program of its server is not at /nowhere/thread.js, as where the package was bundled into another file; leave @nn/dashboard out of the bundle, or record with recording(folder) and show the folder with nn-dashboard");
});
