// Every code of an error, as data: what it means and what to do next. The API answers with this table, the client library
// types its errors by it, the command line shows its next steps, and docs/spec/errors.md is held to it.

export interface ErrorEntry {
  /** What was wrong, in general; the message of an error has the particulars. */
  readonly meaning: string;
  readonly nextStep: string;
}

export interface ServerErrorEntry extends ErrorEntry {
  readonly httpStatus: number;
}

/** What a node answers with. */
export const SERVER_ERRORS = {
  invalid_json: {
    httpStatus: 400,
    meaning: "The body is not one JSON value in UTF-8.",
    nextStep: "Mend the body at the position that the message names.",
  },
  invalid_number: {
    httpStatus: 400,
    meaning:
      "A number is not an integer from 0 to 2^53-1, or is written with a sign, fraction, exponent or leading zero.",
    nextStep: "Write the number in decimal digits alone. Inside a contract's arguments give other numbers as strings.",
  },
  duplicate_key: {
    httpStatus: 400,
    meaning: "An object has one key twice, so it is unclear which value is meant.",
    nextStep: "Give each key once.",
  },
  lone_surrogate: {
    httpStatus: 400,
    meaning: "A string holds half of a surrogate pair, which stands for no character.",
    nextStep: "Write both halves of the pair, or the character itself in UTF-8.",
  },
  nesting_too_deep: {
    httpStatus: 400,
    meaning: "Arrays and objects are nested deeper than 32 levels.",
    nextStep: "Flatten the value.",
  },
  invalid_type: {
    httpStatus: 400,
    meaning:
      "A field, or the body itself, has a JSON type other than the one it needs, for example a string where a number belongs.",
    nextStep: "Give it the type that the message names.",
  },
  invalid_field: {
    httpStatus: 400,
    meaning: "A field has the right JSON type but a value that it cannot have.",
    nextStep: "Give the field a value of the form that the message names.",
  },
  unknown_field: {
    httpStatus: 400,
    meaning: "The transaction has a field that its type does not know.",
    nextStep: "Remove the field, or mend its name; the message lists the known ones.",
  },
  missing_field: {
    httpStatus: 400,
    meaning: "A field that the transaction's type needs is missing. A signed transaction gives every signed field.",
    nextStep: "Add the field.",
  },
  invalid_address: {
    httpStatus: 400,
    meaning: "An address is not 0x and 40 hex digits.",
    nextStep: "Give the address of an account, for example as a wallet shows it.",
  },
  invalid_checksum: {
    httpStatus: 400,
    meaning: "An address in mixed case has a wrong EIP-55 checksum, so a digit is probably mistyped.",
    nextStep: "Compare the address with its source. Write it in lower case only if you are sure of it.",
  },
  invalid_hash: {
    httpStatus: 400,
    meaning: "A hash is not 0x and 64 hex digits.",
    nextStep: "Give the whole hash.",
  },
  invalid_block_id: {
    httpStatus: 400,
    meaning: "A block is named neither by height, nor by hash, nor by latest, safe, finalized or earliest.",
    nextStep: "Write the height in decimal digits without leading zeros, or use one of the other forms.",
  },
  invalid_query: {
    httpStatus: 400,
    meaning: "The query string has an unknown or repeated parameter, or a value out of range.",
    nextStep: "Use the parameters as the message names them.",
  },
  invalid_transaction: {
    httpStatus: 400,
    meaning: "The transaction breaks a rule that needs no knowledge of the chain.",
    nextStep: "Change what the message names and sign again.",
  },
  invalid_signature: {
    httpStatus: 400,
    meaning:
      "The signature is malformed, has a high S, or is not by the key of `from` over this chain's typed data. A " +
      "signature for another chain fails here too.",
    nextStep: "Sign with the key of `from`, with the domain and types of GET /chain/info of this node.",
  },
  hash_mismatch: {
    httpStatus: 400,
    meaning: "The hash given with the transaction is not the hash of its fields on this chain.",
    nextStep: "Leave the hash out, or sign and hash with the domain of GET /chain/info of this node.",
  },
  not_yet_enabled: {
    httpStatus: 501,
    meaning: "This version of the node knows the type of transaction but does not execute it.",
    nextStep: "Use a version that does; GET /chain/info names this node's version.",
  },
  already_known: {
    httpStatus: 409,
    meaning: "The transaction is in the mempool already.",
    nextStep: "Nothing is left to do: follow it with GET /tx/{hash}.",
  },
  nonce_too_low: {
    httpStatus: 409,
    meaning: "The account has used this nonce already.",
    nextStep:
      "See with GET /tx/{hash} whether it was this transaction; otherwise take the nonce of GET /account/{address}.",
  },
  nonce_too_far: {
    httpStatus: 409,
    meaning: "The nonce is too far above the account's: the transactions between are missing.",
    nextStep: "Send the missing transactions first.",
  },
  insufficient_balance: {
    httpStatus: 409,
    meaning: "The balance does not cover the amount and the highest fee, together with what waits in the mempool.",
    nextStep: "Lower the amount, gasLimit or gasPrice, or fund the account.",
  },
  unknown_sender: {
    httpStatus: 409,
    meaning: "The sender has no balance or stake and is not on the genesis allow-list.",
    nextStep: "Fund the account first. Check that `from` is the account you mean.",
  },
  gas_price_too_low: {
    httpStatus: 400,
    meaning: "The gas price is below the least one of this chain or of this node's mempool.",
    nextStep: "Offer at least the price that the message names.",
  },
  gas_limit_too_low: {
    httpStatus: 400,
    meaning: "The gas limit does not cover what the transaction costs before anything runs.",
    nextStep: "Set gasLimit to at least the figure that the message names.",
  },
  gas_limit_too_high: {
    httpStatus: 400,
    meaning: "The gas limit is above that of a block, so no block could include the transaction.",
    nextStep: "Set gasLimit to at most blockGasLimit of GET /chain/info.",
  },
  transaction_too_large: {
    httpStatus: 400,
    meaning:
      "The encoded transaction is larger than a block has room for, or its module than the state that a block may add.",
    nextStep: "Make the code or the arguments smaller.",
  },
  malformed_module: {
    httpStatus: 400,
    meaning: "The code of a deploy is no WebAssembly module, or a broken one.",
    nextStep: "Build the module again; the message names the first byte that is wrong.",
  },
  invalid_module: {
    httpStatus: 400,
    meaning: "The code of a deploy has the form of a module, but breaks a rule of WebAssembly.",
    nextStep:
      "Build the module again with a compiler that follows the specification; the message names function and place.",
  },
  module_feature: {
    httpStatus: 400,
    meaning: "The module uses a part of WebAssembly that contracts may not use, such as floating-point numbers.",
    nextStep: "Change what the message names; docs/spec/modules.md lists what a contract may use.",
  },
  module_import: {
    httpStatus: 400,
    meaning: "The module imports something that the node does not offer, or with another signature.",
    nextStep: "Import only what docs/spec/contracts.md lists, with its signatures.",
  },
  module_limit: {
    httpStatus: 400,
    meaning: "The module is larger in some way than a module may be.",
    nextStep: "Make smaller what the message names, or split the contract into several.",
  },
  quarantined: {
    httpStatus: 500,
    meaning:
      "This node failed to execute the transaction when it built a block, which is a fault of the node, and does not take it again.",
    nextStep: "See the node's log, and report what it says. Another node may take the transaction.",
  },
  replacement_underpriced: {
    httpStatus: 409,
    meaning:
      "The mempool holds another transaction with this sender and nonce, and the new price is not enough above its.",
    nextStep: "Offer at least the price that the message names, or take the next nonce.",
  },
  expired: {
    httpStatus: 409,
    meaning: "The next block is above the height at which the transaction expires.",
    nextStep: "Sign again with a later expiry, or with 0 for none.",
  },
  mempool_full: {
    httpStatus: 503,
    meaning:
      "The mempool has no room: it is full and no other sender holds more of it, or this sender has its share already.",
    nextStep:
      "Send it again when some of what waits is included. A higher price helps only to replace a transaction of one's own.",
  },
  node_busy: {
    httpStatus: 503,
    meaning: "The node has as many requests in hand as it takes.",
    nextStep: "Send the request again after a moment.",
  },
  inclusion_timeout: {
    httpStatus: 504,
    meaning:
      "The transaction was accepted, but no block included it in the time that the request waited, or none that is final where it waited for that.",
    nextStep: "Do not send it again: follow it with GET /tx/{hash}; the details give the hash.",
  },
  wallet_disabled: {
    httpStatus: 403,
    meaning: "The request carries no signature, and this node's wallet is off, so the node signs for nobody.",
    nextStep:
      "Sign the transaction with its sender's key (domain and types are in GET /chain/info) and send it with its " +
      "signature. On a development chain the wallet can be turned on: [wallet] enabled = true.",
  },
  wallet_unknown_account: {
    httpStatus: 400,
    meaning: "The request carries no signature, and the node's wallet does not hold the key of `from`.",
    nextStep: "Use one of the accounts that GET /chain/info lists, or sign the transaction yourself.",
  },
  invalid_key: {
    httpStatus: 400,
    meaning: "The key of a contract's storage is not 0x and hex digits, or longer than 128 bytes.",
    nextStep: "Give the bytes of the key as hex; for a key that is text, those of its UTF-8.",
  },
  contract_not_found: {
    httpStatus: 404,
    meaning: "There is no contract at the address, or there was none at the height that was asked for.",
    nextStep: "Check the address. GET /tx/{hash} of the deploy says whether it is included and has succeeded.",
  },
  not_found: {
    httpStatus: 404,
    meaning: "There is no such route.",
    nextStep: "See /swagger for the routes.",
  },
  block_not_found: {
    httpStatus: 404,
    meaning: "This node has no such block: it is above the head, or the hash is unknown.",
    nextStep: "Compare with GET /chain/head.",
  },
  height_not_kept: {
    httpStatus: 410,
    meaning:
      "The state at that height can't be read any more: this node keeps no record of what changed since. For a proof, it is also further back than the last 128 heights, or more has changed than the node puts back.",
    nextStep: "Ask for a later height, or for none, which stands for the head.",
  },
  transaction_not_found: {
    httpStatus: 404,
    meaning:
      "Neither the chain nor the mempool of this node holds the transaction; of a proof, no block of the chain does.",
    nextStep:
      "Check the hash. If it was sent to another node a moment ago, ask again; if it was dropped, send it again.",
  },
  method_not_allowed: {
    httpStatus: 405,
    meaning: "The route exists, but not for this HTTP method.",
    nextStep: "Use a method that the Allow header names.",
  },
  body_too_large: {
    httpStatus: 413,
    meaning: "The body is larger than the node takes.",
    nextStep: "Send less at a time; the message names the limit.",
  },
  unsupported_media_type: {
    httpStatus: 415,
    meaning: "The request has no Content-Type of application/json in UTF-8.",
    nextStep: "Send the header Content-Type: application/json.",
  },
  host_not_allowed: {
    httpStatus: 403,
    meaning: "The Host header names a host that this node does not go by. A web page may have been misled to send it.",
    nextStep: "Use the node's own address, or add the name to [api] allowed_hosts.",
  },
  not_ready: {
    httpStatus: 503,
    meaning: "The node runs but does not serve fully yet; the message says why.",
    nextStep: "Mend what the message names, or wait, and ask again.",
  },
  internal: {
    httpStatus: 500,
    meaning: "The node failed to answer. This is a fault of the node.",
    nextStep: "See the node's log, and report what it says.",
  },
} as const satisfies Readonly<Record<string, ServerErrorEntry>>;

/** What the client library finds wrong by itself. */
export const CLIENT_ERRORS = {
  invalid_proof: {
    meaning: "The node's proof does not show what the node says, against the state root that it was checked with.",
    nextStep: "Do not rely on the value. Ask another node, and report the one that gave it.",
  },
  network_error: {
    meaning:
      "No answer came: the connection was refused or cut, the name is unknown, or the time of one request ran out.",
    nextStep: "Check the address and that the node runs.",
  },
  unexpected_response: {
    meaning: "An answer came that is no JSON, not of the shape that the route has, or an error of an unknown code.",
    nextStep: "Check that the address is that of a node of a fitting version and not of something between.",
  },
  wait_timeout: {
    meaning: "`waitForInclusion` saw no block with the transaction in its time.",
    nextStep: "Go on waiting, or look at the mempool for what is missing.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type ServerErrorCode = keyof typeof SERVER_ERRORS;
type ClientErrorCode = keyof typeof CLIENT_ERRORS;

const NEXT_STEPS: ReadonlyMap<string, string> = new Map(
  [...Object.entries<ErrorEntry>(SERVER_ERRORS), ...Object.entries<ErrorEntry>(CLIENT_ERRORS)].map(
    ([code, { nextStep }]) => [code, nextStep],
  ),
);

export function isServerErrorCode(code: string): code is ServerErrorCode {
  return Object.hasOwn(SERVER_ERRORS, code);
}

/** What to do about an error, in full sentences. */
export function nextStepOf(code: ServerErrorCode | ClientErrorCode): string {
  return NEXT_STEPS.get(code) ?? "";
}
