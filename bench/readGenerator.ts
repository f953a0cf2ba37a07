// Reads one address over and over for a while, over connections that stay open, and prints how many answers came a second:
// what measures reads where wrk is not installed. Arguments: port, path, connections, seconds.

import { AnswerReader } from "./support/http.ts";

const [port, path, connections, seconds] = process.argv.slice(2);
const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
let count = 0;

async function read(): Promise<void> {
  const reader = new AnswerReader();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(port),
    socket: {
      data: (open, chunk) => {
        const answer = reader.push(chunk);
        if (answer === undefined) return;
        if (answer.status !== 200) throw new RangeError(`${path} answered ${answer.status}`);
        count++;
        open.write(request);
      },
    },
  });
  socket.write(request);
}

await Promise.all(Array.from({ length: Number(connections) }, read));
const startedMs = performance.now();
const startCount = count;
await Bun.sleep(Number(seconds) * 1000);
console.log(((count - startCount) / (performance.now() - startedMs)) * 1000);
process.exit(0);
