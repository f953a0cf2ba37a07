// The contract of the network: what a replica builds it from, and what the API shows of it.

export { DEFAULT_NETWORK_SETTINGS, type NetworkSettings } from "./settings.ts";
