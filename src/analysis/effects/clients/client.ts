/**
 * What there is to know about clients of services outside, as data. Supporting another client is another entry. Paths
 * are those of `ExternalValue`, of what is called: `stripe:#.charges.create`.
 */
export type Deed =
  /** Somebody gets a mail, a text message, a notification. */
  | 'message'
  /** Money moves, or is to. */
  | 'payment'
  /** A request that changes something on another server. */
  | 'request'
  /** A message for another process. */
  | 'publication';

export interface Client {
  name: string;
  deed: Deed;
  /** The last names of what is called; cheap, asked before {@link path}. */
  method: RegExp;
  path: RegExp;
  /** What must be written in the call, where only some of these calls change something. */
  text?: RegExp;
  /** The HTTP method that does the same as {@link text}, where the options of the call have it from elsewhere. */
  verb?: RegExp;
  /** What is written in the name or the address of a call that changes nothing anybody notices. */
  notTo?: RegExp;
  /** Fields of what such a call sends. */
  notWith?: RegExp;
  /**
   * Names of options, fields or headers by which the service knows a second call for the first one; absent where it
   * has no such thing.
   */
  key?: RegExp;
}

/** A mail under the same id is shown once by what receives it, and many services send it once. */
export const MESSAGE_ID = /^(?:message-?id|idempotency[-_]?key|custom-?id|dedup\w*)$/i;
