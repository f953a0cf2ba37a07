// The Transport port on the replica's thread: commands for the main thread, which has the sockets. They are gathered
// while an event is worked off and leave together.

import type { Message } from "../core/network/index.ts";
import type { Transport } from "../core/ports/index.ts";
import type { TransportCommand } from "./protocol.ts";

export class CommandTransport implements Transport<Message> {
  private commands: TransportCommand[] = [];

  connect(options: { connectionId: number; endpoint: string }): void {
    this.commands.push({ kind: "connect", ...options });
  }

  send(connectionIds: readonly number[], message: Message): void {
    if (connectionIds.length > 0) this.commands.push({ kind: "send", connectionIds: [...connectionIds], message });
  }

  close(connectionId: number): void {
    this.commands.push({ kind: "close", connectionId });
  }

  refuse(addresses: readonly string[]): void {
    this.commands.push({ kind: "refuse", addresses: [...addresses] });
  }

  /** What has gathered since the last call; empty when nothing has. */
  take(): readonly TransportCommand[] {
    const { commands } = this;
    if (commands.length > 0) this.commands = [];
    return commands;
  }
}
