// The contract of the collector.

export { createCollector } from "./collector.ts";
