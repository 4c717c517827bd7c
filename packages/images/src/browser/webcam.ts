import { UsageError, type Tensor } from "@nn/tensor";
import { messageOf, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { pixelOptions, requireBackground, type PixelOptions } from "../decode/decode-image.js";
import { pixelsAs } from "./from-pixels.js";

/** Options of {@link webcam}. */
export interface WebcamOptions extends PixelOptions {
  /** The width that the camera is asked for; it may have another one. Default: that of the camera. */
  readonly width?: number;
  /** The height that the camera is asked for; it may have another one. Default: that of the camera. */
  readonly height?: number;
  /** Whether the camera looks at the user or away. Default: that of the system. */
  readonly facing?: "user" | "environment";
}

const webcamOptions: OptionKinds<WebcamOptions> = { ...pixelOptions, width: "count", height: "count", facing: ["user", "environment"] };

/**
 * The frames of the camera, `[channels, height, width]`, as they are asked for: frames in between are left out. The browser asks the user for permission. The camera
 * is switched off when the loop ends. Call it in a page, not in a worker.
 *
 * @example
 * ```ts no-run
 * import { webcam } from "@nn/images/browser";
 *
 * for await (const image of webcam({ width: 224, height: 224 })) {
 *   console.log(image.shape); // [3, 224, 224]
 *   break;
 * }
 * ```
 * @throws UsageError if there is no camera, or the user does not allow it.
 */
export function webcam(options: WebcamOptions = {}): AsyncGenerator<Tensor, void, undefined> {
  requireOptions("webcam", options, webcamOptions);
  requireBackground("webcam", options.background);
  return framesOf(options);
}

async function* framesOf({ width, height, facing, ...pixels }: WebcamOptions): AsyncGenerator<Tensor, void, undefined> {
  const stream = await opened({ ...(width === undefined ? {} : { width: { ideal: width } }), ...(height === undefined ? {} : { height: { ideal: height } }), ...(facing === undefined ? {} : { facingMode: facing }) });
  const video = globalThis.document.createElement("video");
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    for (;;) {
      await nextFrame(video);
      if (stream.getVideoTracks().every(({ readyState }) => readyState === "ended")) return;
      yield pixelsAs("webcam", video, pixels);
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function opened(video: MediaTrackConstraints): Promise<MediaStream> {
  const devices = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
  if (devices === undefined) throw new UsageError("webcam: this page has no access to cameras; serve it over HTTPS or from localhost, and call it in the page");
  return devices.getUserMedia({ video }).catch((cause: unknown) => {
    throw new UsageError(`webcam: the camera cannot be used: ${messageOf(cause)}`, { cause });
  });
}

/** After so many milliseconds what the camera shows counts as its next frame: a page that is hidden, or that its browser does not draw, is told of none. */
const longest = 250;

/** Waits for a frame that was not shown yet, or for the end of the camera. Firefox before 132 does not tell of frames: there, the next picture of the page counts. */
function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const [handle, cancel] = "requestVideoFrameCallback" in video
      ? [video.requestVideoFrameCallback(() => next()), (frame: number) => video.cancelVideoFrameCallback(frame)]
      : [requestAnimationFrame(() => next()), cancelAnimationFrame];
    const timer = setTimeout(() => next(), longest);
    const next = (): void => {
      cancel(handle);
      clearTimeout(timer);
      video.removeEventListener("ended", next);
      resolve();
    };
    video.addEventListener("ended", next);
  });
}
