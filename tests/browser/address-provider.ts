import { defineBrowserProvider } from "@vitest/browser";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserProvider, BrowserProviderOption } from "vitest/node";

/** How to start a browser with an address and an empty profile folder. */
export interface AddressBrowser {
  /** The program, if it is not in the path. */
  readonly program: string;
  readonly args: (profile: string, url: string) => readonly string[];
  /** Initial files of the profile. */
  readonly profile?: Readonly<Record<string, string>>;
}

/** Headless Firefox that shows no prompts and does not slow down background pages. */
export const firefox = (program: string): AddressBrowser => ({
  program,
  args: (profile, url) => ["--headless", "--no-remote", "--profile", profile, url],
  profile: {
    "user.js": Object.entries({
      "browser.shell.checkDefaultBrowser": false, "browser.startup.homepage_override.mstone": "ignore", "browser.aboutwelcome.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.reportingpolicy.firstRun": false, "app.update.enabled": false, "app.normandy.enabled": false,
      "services.settings.server": "", "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false, "browser.safebrowsing.malware.enabled": false,
      "dom.min_background_timeout_value": 4, "dom.timeout.enable_budget_timer_throttling": false, "widget.windows.window_occlusion_tracking.enabled": false,
    }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""),
  },
});

/** WebKitGTK's own small browser. It needs a display, which `xvfb-run` provides. */
export const webkit = (program: string): AddressBrowser => ({ program: "xvfb-run", args: (_, url) => ["-a", program, "--private", url] });

/** A Vitest provider for any browser that can be started with an address. It only opens pages and closes. */
export function address(browser: AddressBrowser): BrowserProviderOption {
  return defineBrowserProvider({ name: "address", options: {}, providerFactory: () => new AddressProvider(browser) });
}

class AddressProvider implements BrowserProvider {
  readonly name = "address";
  readonly supportsParallelism = false;
  readonly #browser: AddressBrowser;
  readonly #profile = mkdtempSync(join(tmpdir(), "nn-browser-"));
  readonly #running = new Set<ChildProcess>();

  constructor(browser: AddressBrowser) {
    this.#browser = browser;
    for (const [name, text] of Object.entries(browser.profile ?? {})) writeFileSync(join(this.#profile, name), text);
    process.on("exit", () => this.#end());
  }

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_: string, url: string): Promise<void> {
    // Its own process group, so that its child processes end with it.
    const child = spawn(this.#browser.program, this.#browser.args(this.#profile, url), { stdio: "ignore", detached: true });
    await once(child, "spawn");
    this.#running.add(child);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map(async (child) => {
      const closed = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
      killGroup(child);
      await closed;
    }));
    this.#end();
  }

  #end(): void {
    for (const child of this.#running) killGroup(child);
    this.#running.clear();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // The browser has already ended.
  }
}
