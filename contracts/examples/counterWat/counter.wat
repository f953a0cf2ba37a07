;; A counter in the text form of WebAssembly. Its only state is eight bytes under the key "count".

(module
  (import "env" "storage_read" (func $storage_read (param i32 i32 i32 i32) (result i32)))
  (import "env" "storage_write" (func $storage_write (param i32 i32 i32 i32)))
  (memory 1)

  ;; Bytes 0 to 4 are the key, 8 to 15 are where the count lies while a call runs.
  (data (i32.const 0) "count")

  ;; Where nothing is stored yet, nothing is read, and memory is zero. The result becomes the return data.
  (func $get (export "get") (result i64)
    (drop (call $storage_read (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 8)))
    (i64.load (i32.const 8)))

  (func (export "increment") (result i64)
    (i64.store (i32.const 8) (i64.add (call $get) (i64.const 1)))
    (call $storage_write (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 8))
    (i64.load (i32.const 8))))
