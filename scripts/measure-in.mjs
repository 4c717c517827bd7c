// Runs a measuring program in Node or in a browser.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findBrowser, missing } from "./browsers.mjs";

const page = `<!doctype html><script type="module">import { measure } from "/program.js"; await fetch("/", { method: "POST", body: JSON.stringify(measure()) });</script>`;

const commands = {
  chromium: (profile) => ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`],
  firefox: (profile) => ["--headless", "--no-remote", "--profile", profile],
  webkit: () => ["--private"],
};

async function inNode(code) {
  const folder = mkdtempSync(join(tmpdir(), "nn-measure-"));
  const file = join(folder, "program.mjs");
  writeFileSync(file, code);
  const { measure } = await import(pathToFileURL(file).href);
  rmSync(folder, { recursive: true });
  return measure();
}

async function inBrowser(name, code) {
  const found = findBrowser(name);
  if (found === undefined) throw new Error(missing(name));
  const profile = mkdtempSync(join(tmpdir(), "nn-engines-"));
  let answer;
  const answered = new Promise((done) => (answer = done));
  const server = createServer(async (request, response) => {
    // Isolated pages have finer clocks.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin").setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const isProgram = request.url === "/program.js";
    response.setHeader("Content-Type", isProgram ? "text/javascript" : "text/html").end(isProgram ? code : page);
    if (request.method === "POST") answer(JSON.parse((await request.toArray()).join("")));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const args = [...commands[name](profile), `http://127.0.0.1:${server.address().port}/`];
  const child = name === "webkit" ? spawn("xvfb-run", ["-a", found, ...args], { stdio: "ignore", detached: true }) : spawn(found, args, { stdio: "ignore", detached: true });
  const result = await Promise.race([answered, once(child, "exit").then(() => Promise.reject(new Error(`${found} ended before it answered`)))]);
  process.kill(-child.pid, "SIGKILL");
  server.closeAllConnections();
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return result;
}

/** What `measure()`, which the module `code` exports, returns in "node", "chromium", "firefox" or "webkit". */
export function measureIn(engine, code) {
  return engine === "node" ? inNode(code) : inBrowser(engine, code);
}
