// Who may connect. Asked before anything is kept for a connection, and bounded whatever comes: a refused connection costs
// two look-ups.

import { assert } from "../../core/primitives/index.ts";
import { admissionKey, normalizeAddress } from "./address.ts";
import type { TcpLimits } from "./limits.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** Addresses whose rate is remembered. An attacker with more of them meets the rate of all together. */
const RATES_MAX = 4096;

export type AdmissionVerdict = "admitted" | "address_refused" | "too_many" | "too_many_of_address" | "too_fast";

export class Admission {
  private readonly limits: TcpLimits;
  private readonly total: TokenBucket;
  /** The longest quiet first. */
  private readonly rates = new Map<string, TokenBucket>();
  private readonly counts = new Map<string, number>();
  private refused: ReadonlySet<string> = new Set();
  private count = 0;

  constructor(limits: TcpLimits, nowMs: number) {
    this.limits = limits;
    this.total = new TokenBucket(limits.connectionRateTotal, nowMs);
  }

  refuse(addresses: readonly string[]): void {
    this.refused = new Set(addresses.map(normalizeAddress));
  }

  /** `release` must follow for each that is admitted. @param address normalized */
  admit(address: string, nowMs: number): AdmissionVerdict {
    if (this.refused.has(address)) return "address_refused";
    if (this.count >= this.limits.connectionsMax) return "too_many";
    const key = admissionKey(address);
    const ofAddress = this.counts.get(key) ?? 0;
    if (ofAddress >= this.limits.perAddressMax) return "too_many_of_address";
    if (!this.rateOf(key, nowMs).take(1, nowMs) || !this.total.take(1, nowMs)) return "too_fast";
    this.counts.set(key, ofAddress + 1);
    this.count += 1;
    return "admitted";
  }

  release(address: string): void {
    const key = admissionKey(address);
    const ofAddress = this.counts.get(key) ?? 0;
    assert(ofAddress > 0, "only an admitted address is released");
    if (ofAddress === 1) this.counts.delete(key);
    else this.counts.set(key, ofAddress - 1);
    this.count -= 1;
  }

  private rateOf(key: string, nowMs: number): TokenBucket {
    const rate = this.rates.get(key) ?? new TokenBucket(this.limits.connectionRate, nowMs);
    this.rates.delete(key);
    this.rates.set(key, rate);
    if (this.rates.size > RATES_MAX) {
      for (const oldest of this.rates.keys()) {
        this.rates.delete(oldest);
        break;
      }
    }
    return rate;
  }
}
