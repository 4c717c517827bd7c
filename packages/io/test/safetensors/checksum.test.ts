import { crc32 } from "node:zlib";
import { tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasValidChecksum, readSafetensors, writeSafetensors } from "../../src/index.js";

const tensors = { weight: tensor([[0.5, -1], [2, 3]]), bias: tensor([1, 2], { dtype: "int32" }) };
const written = (): Uint8Array => writeSafetensors(tensors, { epoch: "10", note: '"checksum":"12345678"' }, { checksum: true });

describe("a checksum", () => {
  it("is the CRC-32 of the file, with zeros in its place", () => {
    const bytes = written();
    const { checksum = "" } = readSafetensors(bytes).metadata;
    const at = Buffer.from(bytes).indexOf(`"checksum":"${checksum}"`) + '"checksum":"'.length;
    const zeroed = bytes.slice();
    zeroed.fill("0".charCodeAt(0), at, at + 8);
    expect(checksum).toBe(crc32(zeroed).toString(16).padStart(8, "0"));
    expect(zeroed).toEqual(writeSafetensors(tensors, { epoch: "10", note: '"checksum":"12345678"', checksum: "00000000" }));
  });

  it("is valid until a byte changes, whichever it is", () => {
    const bytes = written();
    expect(hasValidChecksum(bytes)).toBe(true);
    expect(hasValidChecksum(bytes.slice().buffer)).toBe(true);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(hasValidChecksum(changed), `byte ${at}`).toBe(false);
    }
    expect(hasValidChecksum(bytes.subarray(0, -1))).toBe(false);
  });

  it("is not there without being asked for", () => {
    const bytes = writeSafetensors(tensors, { epoch: "10" });
    expect(readSafetensors(bytes).metadata).toEqual({ epoch: "10" });
    expect(hasValidChecksum(bytes)).toBe(false);
    expect(hasValidChecksum(writeSafetensors(tensors, {}, { checksum: false }))).toBe(false);
  });

  it("is not found in bytes that are no such file", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => !hasValidChecksum(bytes)));
  });

  it("does not replace another text of this name", () => {
    expect(() => writeSafetensors(tensors, { checksum: "mine" }, { checksum: true })).toThrow('writeSafetensors: the metadata have "checksum" already, where the checksum goes; give that text another name');
  });
});
