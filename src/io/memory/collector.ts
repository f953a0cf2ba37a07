// Has garbage collected after so many bytes have come and gone. The engine waits far longer with bytes that lie outside of
// its heap, as those of sockets and of messages between threads do: a flood would fill the memory with what nobody holds.

/** Takes the count of bytes that a thread has had to do with. */
export type NoteBytes = (count: number) => void;

export function createCollector(options: { bytesMax: number; collect?: () => void }): NoteBytes {
  const { bytesMax, collect = () => Bun.gc(true) } = options;
  let bytes = 0;
  return (count) => {
    bytes += count;
    if (bytes < bytesMax) return;
    bytes = 0;
    collect();
  };
}
