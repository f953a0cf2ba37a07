// The contract of the wallet: accounts whose keys the node holds in memory, for development.

export { createWallet, type SentTransaction, type Wallet, type WalletCode } from "./wallet.ts";
