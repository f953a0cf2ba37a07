// The shapes of bodies as schemas, for the OpenAPI document, with examples. Bodies are read by code with better messages;
// nothing is checked against these at run time.

import { Type } from "@sinclair/typebox";
import { closed, EXAMPLE_ADDRESS, EXAMPLE_RECEIVER, EXAMPLE_SIGNATURE } from "./schemaParts.ts";
import { transactionFields } from "./schemas.ts";

/** A body that a reader may send, by name, as Swagger's page offers it. */
export type BodyExamples = Readonly<Record<string, { readonly summary: string; readonly value: object }>>;

const unsignedTransfer = { from: EXAMPLE_ADDRESS, to: EXAMPLE_RECEIVER, amount: 100 };
const signedTransfer = {
  type: "transfer",
  ...unsignedTransfer,
  nonce: 0,
  gasLimit: 100_000,
  gasPrice: 0,
  expiry: 0,
  signature: EXAMPLE_SIGNATURE,
};

export const submitExamples: BodyExamples = {
  unsigned: { summary: "Unsigned: the node's wallet completes and signs it", value: unsignedTransfer },
  signed: { summary: "Signed: every field of its type, with the sender's signature over them", value: signedTransfer },
};

export const submitManyExamples: BodyExamples = {
  unsigned: { summary: "Unsigned, for the node's wallet", value: { txs: [unsignedTransfer] } },
  signed: { summary: "Signed by their sender", value: { txs: [signedTransfer, { ...signedTransfer, nonce: 1 }] } },
};

export const submitBody = Type.Object(
  {
    ...Type.Partial(Type.Object(transactionFields)).properties,
    args: Type.Optional(
      Type.Unknown({
        description:
          "The arguments' JSON text, or a value in its place. Give signed arguments as text, so that the text is yours.",
        examples: ["{}"],
      }),
    ),
  },
  {
    ...closed,
    $id: "SubmitTransaction",
    description:
      "A signed transaction with all fields of its type, or an unsigned one for the node's wallet to complete. The " +
      "fields may also stand within an object under the key `tx`. The type is transfer when it is left out.",
    examples: [unsignedTransfer, signedTransfer],
  },
);

export const submitManyBody = Type.Object(
  { txs: Type.Array(submitBody, { description: "At most 1,000, each as /submit-tx takes it." }) },
  {
    ...closed,
    $id: "SubmitTransactions",
    description: "Transactions to send.",
    examples: [{ txs: [unsignedTransfer] }],
  },
);
