// What the files of this folder make: host functions that act for the contract that runs now.

import type { HostFunctionName } from "../../hostInterface.ts";
import type { Frame } from "../frame.ts";

/** The parameters are i32, so any of them may be negative. */
type HostFunction = (...parameters: number[]) => number | undefined;

export type HostFunctions = Readonly<Record<HostFunctionName, HostFunction>>;

/** The contract whose code has called a host function. */
export type CurrentFrame = () => Frame;

/** A result of type i32 that stands for yes and no. */
export function flag(isSo: boolean): number {
  return isSo ? 1 : 0;
}
