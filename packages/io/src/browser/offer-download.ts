import { UsageError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";

/**
 * Lets the reader of a page save bytes as a file: the browser's download, under a name that it may change. Call it in the handler of a click; browsers ask about, or block, downloads that nobody asked for.
 * @throws UsageError outside of a page, and for what is neither bytes nor a `Blob`.
 */
export function offerDownload(fileName: string, content: Uint8Array | Blob): void {
  requireKind("offerDownload", "fileName", fileName, "string");
  const { document: page } = globalThis as { readonly document?: Document };
  if (page === undefined) throw new UsageError("offerDownload: this host has no document; a worker posts the bytes to its page");
  if (!(content instanceof Uint8Array) && !(content instanceof Blob)) throw new UsageError(`offerDownload: the content is ${describeValue(content)}, expected a Uint8Array or a Blob`);
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }));
  const link = Object.assign(page.createElement("a"), { href: address, download: fileName });
  link.click();
  // The browser has to begin with the transfer before the address goes.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
