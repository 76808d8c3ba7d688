import { createTransport } from 'nodemailer';

export interface Mailer {
  /** Rejects unless the mail server has accepted the mail. */
  sendMail: (mail: Mail) => Promise<unknown>;
}

interface Mail {
  /** The idempotency key: stable for one confirmation, so that the receiving side can tell a repetition. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  /** When it fires, the connection is closed. */
  signal: AbortSignal;
}

export function createMailer(url: string): Mailer {
  return createTransport(url, { from: 'The Shop <orders@shop.example>' });
}

/** A 5xx answer to this recipient or this message stays the same however often we ask. Anything else may pass. */
export function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || !('responseCode' in error)) return false;
  return ['EENVELOPE', 'EMESSAGE'].includes(String(error.code)) && Number(error.responseCode) >= 500;
}
