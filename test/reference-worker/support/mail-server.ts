import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export type Answer =
  'accept' | 'try later' | 'reject' | 'drop' | 'hang' | 'accept, then drop' | 'accept, then hang';

interface Interruption {
  /** Is told the name the client gave itself, and the order, if the mail is accepted. */
  meanwhile: (client: string, orderId: string) => Promise<void>;
  answer: Answer | undefined;
}

/**
 * An SMTP server on a bad day. "accept, then drop" is the case that no client can tell from "drop": the mail is
 * delivered, and the answer that would say so never comes. So every client that loses no mail sends some of them twice,
 * and it is up to the receiving side to see by the Message-ID that it has this one already, as providers do by
 * idempotency key. That is how this server counts: a confirmation is a Message-ID, however often it was handed in.
 */
export async function startMailServer(nextAnswer: () => Answer = () => 'accept') {
  /** By order, then by Message-ID: how often this message was accepted. */
  const confirmations = new Map<string, Map<string, number>>();
  const answers: Partial<Record<Answer | 'refused', number>> = {};
  const mails: string[] = [];
  /** Orders whose mail was accepted by an answer that never came, as often as that happened. */
  const unanswered: string[] = [];
  let refusing = false;
  let interruption: Interruption | undefined;

  const count = (answer: Answer | 'refused') => {
    answers[answer] = (answers[answer] ?? 0) + 1;
  };
  const record = (mail: string) => {
    mails.push(mail);
    const messageId = /^message-id:\s*(\S+)/im.exec(mail)?.[1] ?? '';
    const orderId = /^subject:\s*Your order (\S+)/im.exec(mail)?.[1] ?? '';
    const messages = confirmations.get(orderId) ?? new Map<string, number>();
    messages.set(messageId, (messages.get(messageId) ?? 0) + 1);
    confirmations.set(orderId, messages);
    return orderId;
  };
  const drop = (session: SMTPServerSession) => {
    for (const connection of server.connections)
      if (connection.id === session.id) connection._socket.destroy();
  };
  const failure = (responseCode: number, message: string) =>
    Object.assign(new Error(message), { responseCode });

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_session, done) {
      if (refusing) count('refused');
      done(refusing ? failure(421, 'Closed') : null);
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody@') ? failure(550, 'No such mailbox') : null);
    },
    onData(stream, session, done) {
      text(stream)
        .then(async (mail) => {
          const interrupted = interruption;
          interruption = undefined;
          const answer = interrupted?.answer ?? nextAnswer();
          count(answer);
          const orderId = answer.startsWith('accept') ? record(mail) : '';
          if (answer === 'accept, then drop' || answer === 'accept, then hang') unanswered.push(orderId);
          await interrupted?.meanwhile(session.hostNameAppearsAs, orderId);
          if (answer.endsWith('drop')) drop(session);
          else if (answer === 'accept') done();
          else if (answer === 'try later') done(failure(451, 'Try later'));
          else if (answer === 'reject') done(failure(554, 'Not wanted here'));
          // To hang is to say nothing at all.
        })
        .catch(done);
    },
  });
  // Clients that are killed break their connections; that is what this server is for.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    confirmations,
    answers,
    mails,
    unanswered,
    refuse: (refuses: boolean) => {
      refusing = refuses;
    },
    /** What is to happen when the next mail is there and not yet answered. */
    interruptNext: (meanwhile: Interruption['meanwhile'] | undefined, answer?: Answer) => {
      interruption = meanwhile && { meanwhile, answer };
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}
