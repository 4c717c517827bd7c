// Replaces `node:fs` in the browser. Tests there only read recorded numbers, from files that the test server serves.

/** The text of the file at `url`, which a test derives from its own address. */
export function readFileSync(url: URL): string {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.send();
  if (request.status !== 200) throw new Error(`${url.href}: ${request.status} ${request.statusText}`);
  return request.responseText;
}
