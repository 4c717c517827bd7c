// Stands for `node:fs` in the browser, where tests only read recorded numbers: of files that the test server serves.

/** The text of the file at `url`, which a test made from its own address. */
export function readFileSync(url: URL): string {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.send();
  if (request.status !== 200) throw new Error(`${url.href}: ${request.status} ${request.statusText}`);
  return request.responseText;
}
