// The contract of the logging adapter.

export { chooseLogFormat, type LogFormat } from "./format.ts";
export { createLogger, type LoggerOptions, type LogLevels } from "./logger.ts";
export { writeFully } from "./write.ts";
