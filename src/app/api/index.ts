// The contract of the REST API.

export { type ApiConfig, type ApiOptions, createApi } from "./createApi.ts";
export { type ListenCode, type RunningApi, startApi } from "./startApi.ts";
