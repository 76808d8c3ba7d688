import { pino } from 'pino';

export interface Line {
  msg: string;
  level: number;
  [field: string]: unknown;
}

/** A logger whose lines a test can read, and wait for. */
export function createTestLog() {
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  const collect = (line: Line) => {
    lines.push(line);
    for (const listener of listeners) listener();
  };
  const log = pino(
    { level: 'debug' },
    {
      write(json: string) {
        collect(JSON.parse(json) as Line);
      },
    },
  );
  /** The first line with this message that also has these fields, logged already or to come. */
  const line = async (msg: string, fields: Record<string, unknown> = {}): Promise<Line> => {
    const find = () =>
      lines.find(
        (it) => it.msg === msg && Object.entries(fields).every(([name, value]) => it[name] === value),
      );
    return await new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (!found) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  };
  return { log, lines, line, collect };
}
