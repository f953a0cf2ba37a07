// The shapes of the routes about contracts, as schemas for the OpenAPI document, with examples that work on a fresh
// development chain in the order of the routes.

import { type TProperties, Type } from "@sinclair/typebox";
import { EXAMPLE_CONTRACT, EXAMPLE_CONTRACT_ADDRESS, EXAMPLE_STORAGE_KEY, EXAMPLE_TOPIC } from "./exampleContract.ts";
import { receiptFields } from "./receiptSchemas.ts";
import type { BodyExamples } from "./requestSchemas.ts";
import {
  address,
  closed,
  component,
  EXAMPLE_SIGNATURE,
  hash,
  hex,
  names,
  nullable,
  statusOk,
  uint,
} from "./schemaParts.ts";
import { proofFields, transactionFields } from "./schemas.ts";

const jsonArguments = Type.Unknown({
  description:
    "What the function is given: any JSON, kept in your words, or a string that is the JSON text itself. A function with " +
    "parameters takes an array of integers, those of 64 bits in quotes. Beside a signature it is the text that was signed.",
  examples: [[5]],
});

const optionalFields = {
  from: Type.Optional(address("The sender; the wallet's first account when it is left out.")),
  amount: Type.Optional(uint("Base units of the token that go along to the contract; 0 when it is left out.", 0)),
  nonce: Type.Optional(transactionFields.nonce),
  gasLimit: Type.Optional(
    uint("The most gas that the sender pays for; by an estimate when it is left out.", 5_000_000),
  ),
  gasPrice: Type.Optional(transactionFields.gasPrice),
  expiry: Type.Optional(transactionFields.expiry),
  signature: Type.Optional(transactionFields.signature),
  hash: Type.Optional(transactionFields.hash),
};
const contractAddress = address("The contract.", EXAMPLE_CONTRACT_ADDRESS);
const functionName = Type.String({ description: "An exported function.", examples: ["add"] });

const unsignedDeploy = { wasm: EXAMPLE_CONTRACT, args: {} };
const unsignedCall = { address: EXAMPLE_CONTRACT_ADDRESS, function: "add", args: [5] };
const signedBase = { gasLimit: 5_000_000, gasPrice: 0, expiry: 0, signature: EXAMPLE_SIGNATURE };
const signed = { from: optionalFields.from.examples?.[0] as string, amount: 0, nonce: 0, ...signedBase };

export const deployBody = Type.Object(
  { wasm: hex("The WebAssembly module.", EXAMPLE_CONTRACT), args: Type.Optional(jsonArguments), ...optionalFields },
  {
    ...closed,
    $id: "DeployContract",
    description: "A deploy; every field of it where it is signed.",
    examples: [unsignedDeploy],
  },
);
export const deployExamples: BodyExamples = {
  unsigned: { summary: "A counter, signed by the node's wallet", value: unsignedDeploy },
  signed: { summary: "Signed by its sender", value: { ...signed, wasm: EXAMPLE_CONTRACT, args: "{}" } },
};

export const callBody = Type.Object(
  { address: contractAddress, function: functionName, args: Type.Optional(jsonArguments), ...optionalFields },
  {
    ...closed,
    $id: "CallContract",
    description: "A call; every field of it where it is signed.",
    examples: [unsignedCall],
  },
);
export const callExamples: BodyExamples = {
  unsigned: { summary: "Adds 5 to the counter that the example of /deploy-contract makes", value: unsignedCall },
  signed: { summary: "Signed by its sender", value: { ...signed, ...unsignedCall, nonce: 1, args: "[5]" } },
};

export const viewBody = Type.Object(
  {
    function: functionName,
    args: Type.Optional(jsonArguments),
    from: Type.Optional(address("Whom the contract takes for its caller; the zero address when it is left out.")),
    height: Type.Optional(
      Type.Unknown({
        description: "A height, or latest, safe, finalized or earliest; latest when it is left out.",
        examples: ["latest"],
      }),
    ),
  },
  { ...closed, $id: "ViewContract", description: "What to run.", examples: [{ function: "get", args: {} }] },
);
export const viewExamples: BodyExamples = {
  view: { summary: "What the counter stands at", value: { function: "get", args: {} } },
};

export const estimateBody = Type.Object(
  {},
  {
    additionalProperties: true,
    $id: "EstimateGas",
    description: "What /submit-tx, /deploy-contract or /call-contract takes, signed or not.",
    examples: [unsignedDeploy],
  },
);
export const estimateExamples: BodyExamples = {
  deploy: { summary: "A deploy", value: unsignedDeploy },
  call: { summary: "A call", value: unsignedCall },
};

const { fee: _fee, events, gasRefunded, ...viewFields } = receiptFields;

function answer<Properties extends TProperties>(properties: Properties) {
  return Type.Object({ ...properties, status: statusOk }, closed);
}

const called = {
  hash: transactionFields.hash,
  blockHeight: Type.Optional(uint("Height of the including block; this and what follows when the request waited.", 43)),
  ...Type.Partial(Type.Object(receiptFields)).properties,
};

export const contractAnswers = {
  called: answer(called),
  deployed: answer({
    address: address("Where the contract is once the deploy has succeeded.", EXAMPLE_CONTRACT_ADDRESS),
    ...called,
  }),
  view: answer({ blockHeight: uint("Height of the state that it ran on.", 42), ...viewFields }),
  estimate: answer({
    blockHeight: uint("Height of the state that it was tried on.", 42),
    gasLimit: uint("What to give the transaction: a quarter more than it used.", 250_000),
    gasRefunded,
    events,
    ...viewFields,
  }),
  contract: answer({
    contract: component(
      "Contract",
      {
        address: contractAddress,
        codeHash: hash("SHA-256 of the module."),
        sizeBytes: uint("Bytes of the module.", 200),
        balance: uint("Base units of the token.", 0),
        nonce: uint("Contracts that it has deployed.", 0),
        exports: Type.Array(
          Type.Object(
            {
              name: functionName,
              parameters: Type.Array(names(["i32", "i64"], "Its type.")),
              results: Type.Array(names(["i32", "i64"], "Its type.")),
            },
            closed,
          ),
          { description: "The functions of the module." },
        ),
        memoryPages: uint("Pages of 64 KiB that its memory begins with.", 1),
      },
      "A contract: its account, and what its module exports.",
    ),
  }),
  code: answer({ code: hex("The module as it was deployed.", "0x0061736d01000000") }),
  storage: answer({
    value: nullable(hex("What the contract keeps under the key; null for nothing.", "0x05000000")),
    proof: component(
      "StorageProof",
      {
        address: contractAddress,
        key: hex("The contract's own key.", EXAMPLE_STORAGE_KEY),
        value: nullable(hex("The value; null for nothing.", "0x05000000")),
        ...proofFields,
      },
      "A proof of what a contract keeps under a key, or that it keeps nothing there, against a state root.",
    ),
  }),
  events: answer({
    events: Type.Array(
      component(
        "Event",
        {
          blockHeight: uint("Height of the block.", 42),
          blockHash: hash("Hash of the block."),
          transactionHash: hash("The transaction."),
          transactionIndex: uint("Its position in the block.", 0),
          eventIndex: uint("Among all events of the transaction.", 0),
          topics: Type.Array(hash("What the event is found by.")),
          data: hex("The event's data.", "0x05000000"),
        },
        "An event, and where it stands in the chain.",
      ),
      { description: "In the order in which they were announced." },
    ),
    next: nullable(
      Type.String({
        description: "The cursor of the next page, which may be there although this one is empty; null at the end.",
        examples: ["42-0-1"],
      }),
    ),
  }),
};

export const contractParameters = {
  address: contractAddress,
  key: hex("The contract's own key, of at most 128 bytes.", EXAMPLE_STORAGE_KEY),
};

const heightText = (preset: string, description: string) =>
  Type.Optional(
    Type.String({
      default: preset,
      description: `${description}: a height in decimal digits, or latest, safe, finalized or earliest.`,
      examples: [preset],
    }),
  );

export const storageQuery = Type.Object({ height: heightText("latest", "After which block") });

export const eventsQuery = (limits: { readonly max: number; readonly preset: number }) =>
  Type.Object({
    fromHeight: heightText("earliest", "The first block"),
    toHeight: heightText("latest", "The last block"),
    topic: Type.Optional(
      Type.String({ description: "Only events with this topic, at any place.", examples: [EXAMPLE_TOPIC] }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limits.max,
        default: limits.preset,
        description: "The most events to list.",
        examples: [10],
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        description: "The `next` of the page before, with the same range and topic.",
        examples: ["0-0-0"],
      }),
    ),
  });
