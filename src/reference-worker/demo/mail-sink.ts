import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/**
 * An SMTP server that delivers nothing and remembers who got what. It turns away whoever is nobody@, and is busy the
 * first time that somebody writes to grace@.
 */
export async function startMailSink() {
  const mails = new Map<string, string>();
  const answer = (responseCode: number, message: string) =>
    Object.assign(new Error(message), { responseCode });
  let busy = true;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('nobody@')) done(answer(550, 'No such mailbox'));
      else if (address.startsWith('grace@') && busy) done(answer(451, 'Busy, try again later'));
      else done();
      if (address.startsWith('grace@')) busy = false;
    },
    onData(stream, _session, done) {
      text(stream).then((mail) => {
        // Like the idempotency key of a mail provider: a Message-ID that is known already is not delivered again.
        mails.set(/^message-id:\s*(\S+)/im.exec(mail)?.[1] ?? '', mail);
        done();
      }, done);
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}
