// The address book and its record in the note store: read at the start, written at most once a minute.

import type { Logger } from "../../ports/index.ts";
import type { NoteStore } from "../chainAccess.ts";
import type { NetworkSettings } from "../settings.ts";
import { AddressBook } from "./addressBook.ts";
import { decodeKnownEndpoints, encodeKnownEndpoints } from "./addressBookRecord.ts";

/** The record of learned endpoints in the note store. */
export const BOOK_NOTE = "network.peers";
/** What a crash may lose: a minute of what others can tell again. */
export const BOOK_SAVE_INTERVAL_MS = 60_000;

export class BookKeeper {
  readonly book: AddressBook;
  private readonly notes: NoteStore;
  private savedVersion: number;
  private savedAtMs = 0;

  constructor(options: { settings: NetworkSettings; notes: NoteStore; logger: Logger }) {
    const { settings, notes, logger } = options;
    this.notes = notes;
    this.book = new AddressBook({
      bootstrapPeers: settings.bootstrapPeers,
      ownEndpoint: settings.listenEndpoint,
    });
    const record = notes.note(BOOK_NOTE);
    const known = record === undefined ? [] : decodeKnownEndpoints(record);
    if (known === undefined) logger.log("warn", "record of known nodes is damaged and starts empty");
    else this.book.restore(known);
    this.savedVersion = this.book.version;
  }

  tick(nowMs: number): void {
    if (nowMs - this.savedAtMs < BOOK_SAVE_INTERVAL_MS || this.book.version === this.savedVersion) return;
    this.savedAtMs = nowMs;
    this.save();
  }

  save(): void {
    if (this.book.version === this.savedVersion) return;
    this.savedVersion = this.book.version;
    this.notes.saveNote(BOOK_NOTE, encodeKnownEndpoints(this.book.learned()));
  }
}
