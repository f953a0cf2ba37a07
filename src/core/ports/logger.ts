// Port: log events. The core names what happened and gives the figures; how a line looks is the adapter's business.

export type LogLevel = "debug" | "info" | "warn" | "error";

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Logger {
  /** @param event what happened, in words that stay the same from line to line; figures go into `fields` */
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** A logger whose lines carry the name of a part of the node, whose level can be set apart. */
  module(name: string): Logger;
}
