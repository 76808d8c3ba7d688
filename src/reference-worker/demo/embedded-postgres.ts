import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

/**
 * A Postgres in this process, in memory, on a free port of the loopback interface. PGlite is one session for all who
 * connect, so this server lets them in one after the other: one query at a time, and a transaction to its end.
 */
export async function startEmbeddedPostgres() {
  const db = await PGlite.create();
  // One session also has one search path: BullMQ's tables are found on it, after the ones of the service.
  await db.exec('create schema bullmq; set search_path to public, bullmq');

  const sockets = new Set<Socket>();
  const waiting: { socket: Socket; request: Buffer }[] = [];
  let inTransaction: Socket | undefined;
  let busy = false;

  async function answerAll(): Promise<void> {
    if (busy) return;
    busy = true;
    for (;;) {
      if (inTransaction && !sockets.has(inTransaction)) {
        await db.exec('rollback');
        inTransaction = undefined;
      }
      const next = waiting.findIndex(
        ({ socket }) => sockets.has(socket) && socket === (inTransaction ?? socket),
      );
      const [turn] = next < 0 ? [] : waiting.splice(next, 1);
      if (!turn) break;
      const { messages } = messagesIn(Buffer.from(await db.execProtocolRaw(turn.request)));
      turn.socket.write(Buffer.concat(messages.map(({ bytes }) => bytes)));
      for (const { type, bytes } of messages) {
        if (type === 'Z') inTransaction = bytes.at(-1) === 'I'.charCodeAt(0) ? undefined : turn.socket;
        if (type !== 'A') continue;
        // Whoever listens for a notification is told, not only the one whose query was answered meanwhile.
        for (const socket of sockets) if (socket !== turn.socket) socket.write(bytes);
      }
    }
    busy = false;
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    let unread: Buffer = Buffer.alloc(0);
    let pending: Buffer[] = [];
    let greeted = false;
    socket.on('data', (chunk) => {
      unread = Buffer.concat([unread, chunk]);
      if (!greeted && unread.length >= 4 && unread.length >= unread.readInt32BE()) {
        greeted = true;
        const length = unread.readInt32BE();
        waiting.push({ socket, request: unread.subarray(0, length) });
        unread = unread.subarray(length);
      }
      if (greeted) {
        const { messages, rest } = messagesIn(unread);
        unread = rest;
        for (const { type, bytes } of messages) {
          pending.push(bytes);
          // A simple query stands alone; the steps of any other belong together until they are synced.
          if (type !== 'Q' && type !== 'S') continue;
          waiting.push({ socket, request: Buffer.concat(pending) });
          pending = [];
        }
      }
      void answerAll();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      void answerAll();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
      await db.close();
    },
  };
}

/** The wire protocol: a letter, the length of what follows, and what follows. */
function messagesIn(buffer: Buffer) {
  const messages: { type: string; bytes: Buffer }[] = [];
  let rest = buffer;
  while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
    const end = 1 + rest.readInt32BE(1);
    messages.push({ type: String.fromCharCode(rest[0] ?? 0), bytes: rest.subarray(0, end) });
    rest = rest.subarray(end);
  }
  return { messages, rest };
}
