import type { Server } from "node:http";

/** Serves a folder under a path of 127.0.0.1. */
export declare function serveFolder(folder: string, below: string): Promise<{ readonly server: Server; readonly address: string }>;
