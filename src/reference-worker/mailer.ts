import { createTransport } from 'nodemailer';

interface Mail {
  /** The idempotency key: stable for one confirmation, so that the receiving side can tell a repetition. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
}

/** What the mail server said; that it said nothing is an error. */
type Delivery = { accepted: true } | { accepted: false; reason: string };

export interface Mailer {
  send: (mail: Mail, signal: AbortSignal) => Promise<Delivery>;
}

export function createMailer(smtpUrl: string, timeoutMs: number): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  return {
    async send(mail, signal) {
      try {
        await transport.sendMail({ ...mail, from: 'The Shop <orders@shop.example>', signal });
        return { accepted: true };
      } catch (error) {
        if (isRefusal(error)) return { accepted: false, reason: error.message };
        throw error;
      }
    },
  };
}

/** A 5xx answer to this recipient or this message stays the same however often we ask. Anything else may pass. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || !('responseCode' in error)) return false;
  return (
    (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') &&
    typeof error.responseCode === 'number' &&
    error.responseCode >= 500
  );
}
