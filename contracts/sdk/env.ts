// The host functions of the node, exactly as a contract imports them (docs/contracts.md, "Host functions"). The rest of
// the SDK is written over these; a contract may also use them directly.

// What the contract was asked, and what it answers.
@external("env", "input_size")
export declare function input_size(): i32;
@external("env", "input_read")
export declare function input_read(out: usize, offset: u32, length: u32): void;
@external("env", "return_data")
export declare function return_data(data: usize, length: u32): void;
/** Never returns. */
@external("env", "revert")
export declare function revert(data: usize, length: u32): void;

// Who asks, and where.
@external("env", "caller")
export declare function caller(out20: usize): void;
@external("env", "origin")
export declare function origin(out20: usize): void;
@external("env", "self_address")
export declare function self_address(out20: usize): void;
@external("env", "attached_amount")
export declare function attached_amount(out8: usize): void;
@external("env", "block_height")
export declare function block_height(out8: usize): void;
@external("env", "block_timestamp")
export declare function block_timestamp(out8: usize): void;
@external("env", "chain_id")
export declare function chain_id(out32: usize): void;
@external("env", "gas_left")
export declare function gas_left(out8: usize): void;

// Balances.
@external("env", "get_balance")
export declare function get_balance(address: usize, out8: usize): void;
/** 1 when done, 0 when the balance is too small. */
@external("env", "transfer")
export declare function transfer(to: usize, amount: usize): i32;

// Storage.
/** The size of the value, of which at most `capacity` bytes are written to `out`; -1 when there is none. */
@external("env", "storage_read")
export declare function storage_read(key: usize, keyLength: u32, out: usize, capacity: u32): i32;
@external("env", "storage_write")
export declare function storage_write(key: usize, keyLength: u32, value: usize, valueLength: u32): void;
/** 1 when there was a value, else 0. */
@external("env", "storage_remove")
export declare function storage_remove(key: usize, keyLength: u32): i32;

// What others can see.
@external("env", "log")
export declare function log(text: usize, length: u32): void;
@external("env", "event")
export declare function event(topics: usize, topicsCount: u32, data: usize, dataLength: u32): void;

// Cryptography.
@external("env", "sha256")
export declare function sha256(data: usize, length: u32, out32: usize): void;
@external("env", "keccak256")
export declare function keccak256(data: usize, length: u32, out32: usize): void;
/** The signature is r, s and the parity, 65 bytes. 1 when there is a signer, else 0. */
@external("env", "secp256k1_recover")
export declare function secp256k1_recover(digest32: usize, signature65: usize, out20: usize): i32;

// Other contracts.
/** 0 success, 1 revert, 2 out of gas, 3 trap, 4 not begun. */
@external("env", "call_contract")
export declare function call_contract(
  address: usize,
  name: usize,
  nameLength: u32,
  args: usize,
  argsLength: u32,
  amount: usize,
  gas: usize,
): i32;
/** The codes of `call_contract`. */
@external("env", "deploy_contract")
export declare function deploy_contract(
  codeHash: usize,
  args: usize,
  argsLength: u32,
  amount: usize,
  gas: usize,
  out20: usize,
): i32;
@external("env", "returned_size")
export declare function returned_size(): i32;
@external("env", "returned_read")
export declare function returned_read(out: usize, offset: u32, length: u32): void;
/** 1 when a contract is there, else 0. */
@external("env", "code_hash")
export declare function code_hash(address: usize, out32: usize): i32;
