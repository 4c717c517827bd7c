import { escapeControls, quote } from "@nn/tensor/extend";

/** A file could not be downloaded. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  /** The address; undefined if several were tried. */
  readonly url: string | undefined;
  /** Whether trying again cannot succeed. */
  readonly final: boolean;

  constructor(url: string | undefined, message: string, { final = false, cause }: { readonly final?: boolean; readonly cause?: unknown } = {}) {
    super(url === undefined ? message : `${escapeControls(url)}: ${message}`, cause === undefined ? {} : { cause });
    this.url = url;
    this.final = final;
  }
}

/** The error when every address failed. */
export function attemptsFailed(path: string, failures: readonly DownloadError[]): DownloadError {
  const reasons = [...new Set(failures.map(({ message }) => message))];
  return new DownloadError(undefined, `cannot download ${quote(path, 4096)}:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`, {
    cause: failures.at(-1),
  });
}
