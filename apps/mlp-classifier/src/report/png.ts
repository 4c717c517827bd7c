import { encodePng } from "@nn/images";
import type { Tensor } from "@nn/tensor";

/** An image `[channels, height, width]`, of floats from 0 to 1, as a PNG file in a data URL, for an `img` element. */
export async function pngAddress(image: Tensor): Promise<string> {
  return `data:image/png;base64,${Buffer.from(await encodePng(image)).toString("base64")}`;
}
