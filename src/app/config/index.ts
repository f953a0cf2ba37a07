// The contract of the configuration.

export type { Config } from "./config.ts";
export { DEVELOPMENT_ACCOUNTS, type DevelopmentAccount } from "./developmentAccounts.ts";
export type { Environment, ReadTextFile } from "./environmentLayer.ts";
export type { ConfigFile } from "./fileLayer.ts";
export { configToGenesis } from "./genesis.ts";
export { type ConfigSources, type FlagValue, type LoadedConfig, loadConfig, type Settings } from "./load.ts";
export type { LogLevels } from "./logLevels.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { describeKeys, dumpJson, dumpToml, type KeyDescription } from "./render.ts";
export { renderDevelopmentStarter, renderStarter, type StarterOptions } from "./starter.ts";
