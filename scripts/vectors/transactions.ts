// Golden vectors of transactions: typed data, digests, signatures, encodings, and encodings that are refused.

import { typeHash } from "../../src/core/crypto/index.ts";
import { bytesToHex, hexToBytes } from "../../src/core/primitives/index.ts";
import {
  checkTransaction,
  decodeTransaction,
  EIP712_DOMAIN_NAME,
  EIP712_DOMAIN_VERSION,
  kindOf,
  signTransaction,
  type Transaction,
} from "../../src/core/protocol/index.ts";
import {
  BOUNDARY_TRANSACTIONS,
  DOMAIN,
  ORDINARY_TRANSACTIONS,
  SECRET_KEY,
  SENDER,
} from "../../test/vectors/samples.ts";
import { type Refused, refusedBy } from "./refused.ts";

function transactionVector(transaction: Transaction) {
  const { struct, structHash } = kindOf(transaction);
  const signed = signTransaction({ transaction, secretKey: hexToBytes(SECRET_KEY), domain: DOMAIN });
  const { type, ...fields } = transaction;
  return {
    type,
    fields: "code" in fields ? { ...fields, code: bytesToHex(fields.code) } : fields,
    passesStaticChecks: checkTransaction(transaction) === undefined,
    structType: `${struct.name}(${struct.fields.map((field) => `${field.type} ${field.name}`).join(",")})`,
    typeHash: bytesToHex(typeHash(struct)),
    structHash: bytesToHex(structHash(transaction)),
    digest: signed.hash,
    signature: signed.signature,
    encoded: bytesToHex(signed.encoded),
  };
}

function refusedTransactions(): Refused[] {
  const hex = (transaction: Transaction) =>
    signTransaction({ transaction, secretKey: hexToBytes(SECRET_KEY), domain: DOMAIN }).encoded.toHex();
  const transfer = hex(ORDINARY_TRANSACTIONS.transfer);
  const call = hex(ORDINARY_TRANSACTIONS.call);
  // Kind, sender, four numbers, receiver and amount come before the function's length.
  const functionAt = (1 + 20 + 32 + 20 + 8) * 2;
  return refusedBy(decodeTransaction, [
    ["no bytes", ""],
    ["kind 0", `00${transfer.slice(2)}`],
    ["kind 6", `06${transfer.slice(2)}`],
    ["one byte short", transfer.slice(0, -2)],
    ["one byte more", `${transfer}00`],
    ["a nonce of 2^53", `${transfer.slice(0, 42)}0020000000000000${transfer.slice(58)}`],
    ["a function of 257 bytes", `${call.slice(0, functionAt)}00000101${call.slice(functionAt + 8)}`],
    ["a function with an overlong form", call.replace("7472616e73666572", "74726161c0806572")],
    ["a function with a surrogate", call.replace("7472616e73666572", "74726161eda08065")],
    ["a function longer than the input", `${call.slice(0, functionAt)}ffffffff${call.slice(functionAt + 8)}`],
  ]);
}

export function transactionVectors() {
  return {
    about: "docs/spec/transactions.md; numbers are JSON numbers up to 2^53-1, bytes are hex",
    domain: { name: EIP712_DOMAIN_NAME, version: EIP712_DOMAIN_VERSION, salt: DOMAIN.genesisHash },
    domainSeparator: bytesToHex(DOMAIN.separator),
    secretKey: SECRET_KEY,
    address: SENDER,
    transactions: [...Object.values(ORDINARY_TRANSACTIONS), ...BOUNDARY_TRANSACTIONS].map(transactionVector),
    refused: refusedTransactions(),
  };
}
