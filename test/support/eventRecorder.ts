// Keeps the events of a transport, and lets a test wait for what it expects of them.

import type { TransportEvent } from "../../src/core/ports/index.ts";

export type Kind = TransportEvent<string>["kind"];
export type EventOf<K extends Kind> = Extract<TransportEvent<string>, { kind: K }>;

const WAIT_MS_MAX = 4000;

export class EventRecorder {
  readonly events: TransportEvent<string>[] = [];
  /** Called with each event, after it is kept. */
  onEvent: ((event: TransportEvent<string>) => void) | undefined;
  private readonly waiting = new Set<() => void>();
  /** Of each kind, and of each kind on each connection: to look through all events at every event would take long. */
  private readonly counts = new Map<string, number>();

  readonly emit = (event: TransportEvent<string>): void => {
    this.events.push(event);
    for (const key of [event.kind, `${event.kind} ${event.connectionId}`]) {
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
    this.onEvent?.(event);
    for (const look of this.waiting) look();
  };

  of<K extends Kind>(kind: K, connectionId?: number): EventOf<K>[] {
    return this.events.filter(
      (event): event is EventOf<K> =>
        event.kind === kind && (connectionId === undefined || event.connectionId === connectionId),
    );
  }

  texts(connectionId?: number): string[] {
    return this.of("message", connectionId).map((event) => event.message);
  }

  /** Resolves with the `count`-th event of a kind. */
  async next<K extends Kind>(kind: K, options: { count?: number; connectionId?: number } = {}): Promise<EventOf<K>> {
    const { count = 1, connectionId } = options;
    const key = connectionId === undefined ? kind : `${kind} ${connectionId}`;
    await this.until(() => (this.counts.get(key) ?? 0) >= count, `${count} events of kind ${kind}`);
    return this.of(kind, connectionId)[count - 1] as EventOf<K>;
  }

  /** Resolves when `isDone` holds, looked at with every event. */
  until(isDone: () => boolean, what: string): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        const seen = this.events.slice(-10).map((event) => JSON.stringify(event).slice(0, 200));
        reject(new RangeError(`no ${what} came; the last events are ${seen.join(" ")}`));
      }, WAIT_MS_MAX);
      const look = () => {
        if (!isDone()) return;
        this.waiting.delete(look);
        clearTimeout(timer);
        resolve();
      };
      this.waiting.add(look);
    });
  }
}
