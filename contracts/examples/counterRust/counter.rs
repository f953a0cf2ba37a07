//! A counter in Rust without its standard library. Its only state is eight bytes under the key "count".

#![no_std]

#[link(wasm_import_module = "env")]
extern "C" {
    fn storage_read(key: *const u8, key_length: usize, out: *mut u8, capacity: usize) -> i32;
    fn storage_write(key: *const u8, key_length: usize, value: *const u8, value_length: usize);
}

const KEY: &[u8] = b"count";

/// The count, 0 where nothing is stored yet. The result becomes the return data.
#[no_mangle]
pub extern "C" fn get() -> u64 {
    let mut bytes = [0u8; 8];
    unsafe { storage_read(KEY.as_ptr(), KEY.len(), bytes.as_mut_ptr(), bytes.len()) };
    u64::from_le_bytes(bytes)
}

#[no_mangle]
pub extern "C" fn increment() -> u64 {
    let bytes = get().wrapping_add(1).to_le_bytes();
    unsafe { storage_write(KEY.as_ptr(), KEY.len(), bytes.as_ptr(), bytes.len()) };
    u64::from_le_bytes(bytes)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
