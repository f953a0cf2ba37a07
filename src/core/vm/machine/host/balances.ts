// Balances: what an account has, and payments by the contract. A payment to a contract runs none of its code.

import { ADDRESS_SIZE_BYTES, type Amount } from "../../../primitives/index.ts";
import { credit, debit } from "../../../state/index.ts";
import { U64_SIZE_BYTES } from "../frame.ts";
import { type CurrentFrame, flag, type HostFunctions } from "./table.ts";

export function balanceFunctions(current: CurrentFrame): Pick<HostFunctions, "get_balance" | "transfer"> {
  return {
    get_balance: (address: number, out: number) => {
      const frame = current();
      frame.checkRange(address, ADDRESS_SIZE_BYTES);
      frame.checkRange(out, U64_SIZE_BYTES);
      frame.charge("get_balance");
      frame.writeU64(out, frame.transaction.state.account(frame.readAddress(address)).balance);
      return undefined;
    },
    transfer: (to: number, amountPointer: number) => {
      const frame = current();
      frame.checkRange(to, ADDRESS_SIZE_BYTES);
      frame.checkRange(amountPointer, U64_SIZE_BYTES);
      frame.charge("transfer");
      const { state } = frame.transaction;
      const amount = frame.readU64(amountPointer);
      const isCovered = amount <= state.account(frame.address).balance;
      if (isCovered) {
        debit(state, frame.address, amount as Amount);
        credit(state, frame.readAddress(to), amount as Amount);
      }
      return flag(isCovered);
    },
  };
}
