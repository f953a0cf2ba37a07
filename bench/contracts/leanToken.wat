;; A token as lean as one can be: what a call costs where the contract itself takes next to nothing. An address is three
;; numbers, the first 16 of its bytes as two i64 and the last 4 as an i32, all with the least significant byte first. It
;; stores, and announces, what an ERC-20 does: two balances of 8 bytes under the addresses, an event with three topics.
;;
;; Memory: 0 caller, 32 receiver, 64 the balance of the caller, 72 that of the receiver, 80 the amount, 128 topics.

(module
  (import "env" "caller" (func $caller (param i32)))
  (import "env" "storage_read" (func $storage_read (param i32 i32 i32 i32) (result i32)))
  (import "env" "storage_write" (func $storage_write (param i32 i32 i32 i32)))
  (import "env" "event" (func $event (param i32 i32 i32 i32)))
  (memory 1)
  (data (i32.const 128) "Transfer")

  ;; The supply of 2^40 belongs to who deploys.
  (func (export "init")
    (call $caller (i32.const 0))
    (i64.store (i32.const 64) (i64.const 1099511627776))
    (call $storage_write (i32.const 0) (i32.const 20) (i32.const 64) (i32.const 8)))

  (func $copyAddress (param $from i32) (param $to i32)
    (i64.store (local.get $to) (i64.load (local.get $from)))
    (i64.store offset=8 (local.get $to) (i64.load offset=8 (local.get $from)))
    (i32.store offset=16 (local.get $to) (i32.load offset=16 (local.get $from))))

  (func (export "transfer") (param $first i64) (param $second i64) (param $third i32) (param $amount i64) (result i32)
    (call $caller (i32.const 0))
    (i64.store (i32.const 32) (local.get $first))
    (i64.store (i32.const 40) (local.get $second))
    (i32.store (i32.const 48) (local.get $third))
    (drop (call $storage_read (i32.const 0) (i32.const 20) (i32.const 64) (i32.const 8)))
    (if (i64.lt_u (i64.load (i32.const 64)) (local.get $amount)) (then unreachable))
    (i64.store (i32.const 64) (i64.sub (i64.load (i32.const 64)) (local.get $amount)))
    (call $storage_write (i32.const 0) (i32.const 20) (i32.const 64) (i32.const 8))
    ;; Read after the caller's is written, since both may be the same.
    (drop (call $storage_read (i32.const 32) (i32.const 20) (i32.const 72) (i32.const 8)))
    (i64.store (i32.const 72) (i64.add (i64.load (i32.const 72)) (local.get $amount)))
    (call $storage_write (i32.const 32) (i32.const 20) (i32.const 72) (i32.const 8))
    (i64.store (i32.const 80) (local.get $amount))
    (call $copyAddress (i32.const 0) (i32.const 172))
    (call $copyAddress (i32.const 32) (i32.const 204))
    (call $event (i32.const 128) (i32.const 3) (i32.const 80) (i32.const 8))
    (i32.const 1)))
