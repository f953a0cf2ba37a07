// The contracts of the simulations, as modules. What each of them does is written down a second time in programs.ts, from
// which the reference ledger knows what must come of a call.

import type { Bytes } from "../../../src/core/primitives/index.ts";
import { smallContract } from "../../support/wat.ts";

/** Counts: `add` by so much, which `init` is too; `get`. */
export const COUNTER = smallContract(`(memory 1) (data (i32.const 0) "n")
  (func $get (result i64)
    (drop (call $storage_read (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 8)))
    (i64.load (i32.const 8)))
  (func $add (param i32) (result i64)
    (i64.store (i32.const 8) (i64.add (call $get) (i64.extend_i32_s (local.get 0))))
    (call $storage_write (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 8))
    (call $event (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 8))
    (call $get))
  (export "init" (func $add)) (export "add" (func $add)) (export "get" (func $get))`);

/** Holders are numbers. What somebody owns no more takes no slot; who owns too little is refused. */
export const TOKEN = smallContract(`(memory 1) (data (i32.const 64) "short")
  (func $balance (param i32) (result i64)
    (i32.store (i32.const 0) (local.get 0)) (i64.store (i32.const 8) (i64.const 0))
    (drop (call $storage_read (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 8)))
    (i64.load (i32.const 8)))
  (func $set (param i32 i64)
    (i32.store (i32.const 0) (local.get 0)) (i64.store (i32.const 8) (local.get 1))
    (call $storage_write (i32.const 0) (i32.const 4) (i32.const 8)
      (select (i32.const 0) (i32.const 8) (i64.eqz (local.get 1)))))
  (func (export "init") (param i64) (call $set (i32.const 0) (local.get 0)))
  (func (export "move") (param $from i32) (param $to i32) (param $amount i64) (result i32)
    (if (i64.lt_s (call $balance (local.get $from)) (local.get $amount))
      (then (call $revert (i32.const 64) (i32.const 5))))
    (call $set (local.get $from) (i64.sub (call $balance (local.get $from)) (local.get $amount)))
    (call $set (local.get $to) (i64.add (call $balance (local.get $to)) (local.get $amount)))
    (i32.store (i32.const 96) (local.get $from))
    (call $event (i32.const 96) (i32.const 1) (i32.const 8) (i32.const 8))
    (i32.const 1))`);

/** Fills slots of some size, removes them, or both in one call. */
export const CHURNER = smallContract(`(memory 1)
  (func $fill (param $first i32) (param $count i32) (param $size i32)
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $count)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (i32.store (i32.const 0) (i32.add (local.get $first) (local.get $count)))
      (memory.fill (i32.const 64) (i32.load (i32.const 0)) (local.get $size))
      (call $storage_write (i32.const 0) (i32.const 4) (i32.const 64) (local.get $size))
      (br $next))))
  (func $clear (param $first i32) (param $count i32) (result i32) (local $removed i32)
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $count)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (i32.store (i32.const 0) (i32.add (local.get $first) (local.get $count)))
      (local.set $removed (i32.add (local.get $removed) (call $storage_remove (i32.const 0) (i32.const 4))))
      (br $next)))
    (local.get $removed))
  (export "fill" (func $fill)) (export "clear" (func $clear))
  (func (export "both") (param i32 i32 i32) (result i32)
    (call $fill (local.get 0) (local.get 1) (local.get 2))
    (call $clear (local.get 0) (local.get 1)))`);

/**
 * Keeps a slot, pays one unit to whoever signed, tells of it, and then fails in the way that the lowest three bits of its
 * first argument name. Its result is one when it could pay, and more when its memory was not all zeros or its global was not.
 */
export const FAILING = smallContract(`(memory 1) (data (i32.const 0) "f") (global $before (mut i32) (i32.const 0))
  (func $recurse (param i32) (result i32) (i32.add (call $recurse (local.get 0)) (i32.const 1)))
  (func $run (param $how i32) (param i32 i32) (result i32) (local $seen i32) (local $kind i32)
    (local.set $seen (i32.add (i32.load (i32.const 1024)) (global.get $before)))
    (i32.store (i32.const 1024) (i32.const 4096))
    (global.set $before (i32.const 8192))
    (i32.store (i32.const 8) (local.get $how))
    (call $storage_write (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 4))
    (call $origin (i32.const 32))
    (i64.store (i32.const 16) (i64.const 1))
    (local.set $seen (i32.add (local.get $seen) (call $transfer (i32.const 32) (i32.const 16))))
    (call $event (i32.const 96) (i32.const 2) (i32.const 8) (i32.const 4))
    (call $log (i32.const 8) (i32.const 4))
    (local.set $kind (i32.and (local.get $how) (i32.const 7)))
    (if (i32.eq (local.get $kind) (i32.const 1)) (then unreachable))
    (if (i32.eq (local.get $kind) (i32.const 2)) (then (call $revert (i32.const 8) (i32.const 4))))
    (if (i32.eq (local.get $kind) (i32.const 3)) (then (loop $again (br $again))))
    (if (i32.eq (local.get $kind) (i32.const 4))
      (then (drop (i32.div_s (i32.const 1) (i32.load (i32.const 2048))))))
    (if (i32.eq (local.get $kind) (i32.const 5)) (then (call $log (i32.const -1) (i32.const 2))))
    (if (i32.eq (local.get $kind) (i32.const 6)) (then (drop (call $recurse (i32.const 0)))))
    (if (i32.eq (local.get $kind) (i32.const 7))
      (then (call $storage_write (i32.const 0) (i32.const 129) (i32.const 8) (i32.const 4))))
    (local.get $seen))
  (export "init" (func $run)) (export "run" (func $run))`);

const TARGET_SIZE_BYTES = 20;
const NO_TARGET = new Uint8Array(TARGET_SIZE_BYTES).fill(0xee);

/** Calls `run` of its target, or of itself, with the arguments that it was given; keeps the status, and may fail then. */
const NEST = smallContract(`(memory 1)
  (data (i32.const 0) "fs") (data (i32.const 64) "run") (data (i32.const 128) "${"\\ee".repeat(TARGET_SIZE_BYTES)}")
  (func (export "run") (param $how i32) (param $gas i32) (param $amount i32) (result i32) (local $status i32)
    (i32.store (i32.const 8) (local.get $how))
    (call $storage_write (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 4))
    (i64.store (i32.const 16) (i64.extend_i32_u (local.get $amount)))
    (i64.store (i32.const 24) (i64.extend_i32_u (local.get $gas)))
    (call $input_read (i32.const 256) (i32.const 0) (call $input_size))
    (if (i32.and (local.get $how) (i32.const 8)) (then (call $self_address (i32.const 128))))
    (local.set $status (call $call_contract (i32.const 128) (i32.const 64) (i32.const 3) (i32.const 256)
      (call $input_size) (i32.const 16) (i32.const 24)))
    (i32.store (i32.const 12) (local.get $status))
    (call $storage_write (i32.const 1) (i32.const 1) (i32.const 12) (i32.const 4))
    (call $log (i32.const 12) (i32.const 4))
    (if (i32.and (local.get $how) (i32.const 16)) (then unreachable))
    (if (i32.and (local.get $how) (i32.const 32)) (then (call $revert (i32.const 8) (i32.const 4))))
    (i32.add (i32.mul (local.get $status) (i32.const 1000)) (call $returned_size)))`);

const targetOffset = Buffer.from(NEST).indexOf(NO_TARGET);

/** A module that calls the contract at this address. */
export function nestAround(target: string): Bytes {
  const code = NEST.slice();
  code.set(Uint8Array.fromHex(target.slice(2)), targetOffset);
  return code;
}

/** The address that a module calls; undefined for any other module. */
export function targetOf(code: Bytes): string | undefined {
  if (code.length !== NEST.length) return undefined;
  const target = `0x${code.slice(targetOffset, targetOffset + TARGET_SIZE_BYTES).toHex()}`;
  return nestAround(target).toHex() === code.toHex() ? target : undefined;
}

/** A module that is refused: its end is missing. */
export const BROKEN = COUNTER.slice(0, -1);
