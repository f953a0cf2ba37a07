// A Worker that is sent a range of modules and answers with the report on them.

import { type MeteringRange, runModules } from "./meteringRuns.ts";

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<MeteringRange>) => self.postMessage(runModules(data));
