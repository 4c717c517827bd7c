import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

// A page that is open when a run and its process end: the built packages, as a user has them.

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const thread = path("../../packages/dashboard/dist/thread.js");
const runs = mkdtempSync(join(tmpdir(), "nn-dashboard-last-"));

beforeAll(() => {
  if (!existsSync(thread)) throw new Error(`${thread} is not there: run \`npx turbo run build\` first`);
});

afterAll(() => rmSync(runs, { recursive: true }));

/** What a page gets of a run until the server ends, and when it has got something. */
function open(address: URL): { readonly began: Promise<void>; readonly text: Promise<string> } {
  let begin: () => void = () => undefined;
  const began = new Promise<void>((resolve) => (begin = resolve));
  const text = new Promise<string>((resolve, reject) => {
    get(new URL("/api/events?run=fitted@", address), (response) => {
      let all = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        all += chunk;
        if (all.includes("event: records")) begin();
      });
      response.on("error", () => undefined).on("close", () => resolve(all));
    }).on("error", reject);
  });
  return { began, text };
}

it("gets the last record of a run, though the process ends with it", { timeout: 120_000 }, async () => {
  const program = spawn(process.execPath, [path("fit.mjs"), runs], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(program, "exit");
  const [line] = (await once(program.stderr, "data")) as [Buffer];
  const address = new URL(line.toString().trim().replace(/^dashboard: /, ""));
  const page = open(address);
  await page.began;
  const stopped = await fetch(new URL("/api/command?run=fitted", address), {
    method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${address.hash.replace("#token=", "")}` }, body: '{"command":"stop"}',
  });
  expect(stopped.status).toBe(202);
  expect((await ended)[0]).toBe(0);
  expect(await page.text).toMatch(/"type":"status","step":\d+,"time":\d+,"state":"stopped","message":"stopped through the dashboard"/);
});
