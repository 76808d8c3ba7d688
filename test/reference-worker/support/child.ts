import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Guard } from './guard.ts';
import type { Line } from './log.ts';

/** A process of the service, and the lines it logs. */
export class Child {
  readonly ready: Promise<void>;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it wrote to stderr: nothing, unless it crashed by itself. */
  lastWords = '';
  readonly #process;

  constructor(script: string, env: Record<string, string>, guard: Guard, onLine: (line: Line) => void) {
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    guard.watch(child.pid);
    this.#process = child;
    this.exited = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
    child.stderr.on('data', (chunk: Buffer) => {
      this.lastWords = (this.lastWords + chunk.toString()).slice(-4_000);
    });
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as Line;
        if (line.msg === 'ready') resolve();
        onLine(line);
      });
      void this.exited.then(({ code, signal }) => {
        reject(
          new Error(`${script} ended with ${code ?? signal ?? ''} before it was ready: ${this.lastWords}`),
        );
      });
    });
    // Whoever waits for it gets the error; that nobody waits is no error of its own.
    this.ready.catch(() => undefined);
  }

  async kill(signal: NodeJS.Signals) {
    this.#process.kill(signal);
    return await this.exited;
  }
}
