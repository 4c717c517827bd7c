import { expect, test } from "vitest";
import { tasks } from "../src/tasks/all.js";
import type { Report, Request } from "../src/worker/protocol.js";
import { Training } from "../src/worker/training.js";

/** A worker's side, and what it reports. */
function trainingOf(): { readonly reports: Report[]; readonly ask: (...requests: readonly Request[]) => Promise<void> } {
  const reports: Report[] = [];
  const training = new Training(tasks, (report) => reports.push(report));
  return {
    reports,
    async ask(...requests) {
      for (const request of requests) await training.handle(request);
    },
  };
}

const start = { type: "start", task: "perceptron", settings: { gate: "AND", weights: [0, 0, 0] }, stepsPerSecond: Infinity } as const;

test("the first view comes whole, later ones without what is the same, and the first one of the next task whole again", async () => {
  const { reports, ask } = trainingOf();
  await ask(start, { type: "step" }, { type: "pause" }, start);
  const [first, stepped, paused, next] = reports.map((report) => (report.type === "view" ? Object.keys(report.view) : []));
  expect(first).toEqual(["weights", "example", "corrected", "rounds", "right"]);
  expect(stepped).toContain("example");
  expect(stepped).not.toContain("rounds");
  expect(paused).not.toContain("example");
  expect(next).toEqual(first);
});

test("a training that runs reports when there were steps, and ends by itself", async () => {
  const { reports, ask } = trainingOf();
  await ask(start, { type: "run" });
  await expect.poll(() => reports.at(-1), { timeout: 60_000 }).toMatchObject({ state: "done", view: { right: [true, true, true, true] } });
  // Every step is of another example than the one before.
  expect(reports.slice(1).every((report) => report.type === "view" && ("example" in report.view || "rounds" in report.view))).toBe(true);
});

test("a worker refuses a task that it does not have", async () => {
  const reports: Report[] = [];
  await new Training({}, (report) => reports.push(report)).handle(start);
  expect(reports).toEqual([{ type: "failed", message: "this worker does not train perceptron" }]);
});
