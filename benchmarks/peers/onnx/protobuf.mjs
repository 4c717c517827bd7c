// As much of the encoding of protocol buffers as a model needs: https://protobuf.dev/programming-guides/encoding/

/** A number in groups of seven bits, the lowest first. */
function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(rest));
}

function concatenate(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A field that is a whole number, of type int32, int64 or enum. */
export const integer = (field, value) => concatenate([varint(field << 3), varint(value)]);

/** A field that is a float32. */
export const float = (field, value) => concatenate([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);

/** A field that is a text, bytes or a message. */
export const bytes = (field, value) => {
  const content = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return concatenate([varint((field << 3) | 2), varint(content.length), content]);
};

/** A message of these fields. */
export const message = (...fields) => concatenate(fields);
