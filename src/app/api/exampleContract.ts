// The contract of the examples on Swagger's page: a counter, so that the page can be tried without a compiler at hand. A test
// assembles it anew.

/** As WebAssembly text, with its functions `add(i32) -> i32` and `get() -> i32`. */
export const EXAMPLE_CONTRACT_TEXT = `(module
  (import "env" "storage_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "env" "storage_write" (func $write (param i32 i32 i32 i32)))
  (import "env" "event" (func $event (param i32 i32 i32 i32)))
  (memory 1)
  (data (i32.const 0) "count")
  (data (i32.const 32) "added")
  (func $get (export "get") (result i32)
    (drop (call $read (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4)))
    (i32.load (i32.const 8)))
  (func (export "add") (param i32) (result i32)
    (i32.store (i32.const 8) (i32.add (call $get) (local.get 0)))
    (call $write (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4))
    (call $event (i32.const 32) (i32.const 1) (i32.const 8) (i32.const 4))
    (i32.load (i32.const 8))))`;

export const EXAMPLE_CONTRACT =
  "0x0061736d0100000001190460047f7f7f7f017f60047f7f7f7f006000017f60017f017f02340303656e760c73746f726167655f7265616400" +
  "0003656e760d73746f726167655f7772697465000103656e76056576656e74000103030202030503010001070d020367657400030361646400" +
  "040a3a021200410041054108410410001a41082802000b25004108100320006a36020041004105410841041001412041014108410410024108" +
  "2802000b0b15020041000b05636f756e740041200b056164646564";

/** Where the first transaction of the first development account puts it. */
export const EXAMPLE_CONTRACT_ADDRESS = "0x7a83696beaa3ab4ed12c8186aa079b054583bf43";
/** "count" */
export const EXAMPLE_STORAGE_KEY = "0x636f756e74";
/** "added", and zeros up to 32 bytes. */
export const EXAMPLE_TOPIC = `0x6164646564${"00".repeat(27)}`;
