import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/reference-worker/demo/embedded-postgres.ts';

export interface TestDatabase {
  url: string;
  kind: 'Postgres' | 'PGlite';
  close: () => Promise<void>;
}

const local = 'postgres://postgres@127.0.0.1:5432/postgres';

/**
 * A database of the caller's own: on the server at TEST_DATABASE_URL, else on a local one that asks for no password,
 * else in this process.
 */
export async function createTestDatabase(server = process.env.TEST_DATABASE_URL): Promise<TestDatabase> {
  if (server !== 'pglite' && (server !== undefined || (await answers(local)))) {
    return await createOn(server ?? local);
  }
  return { kind: 'PGlite', ...(await startEmbeddedPostgres()) };
}

async function createOn(server: string): Promise<TestDatabase> {
  const name = `reference_worker_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = name;
  await query(server, `create database ${name}`);
  return {
    kind: 'Postgres',
    url: url.href,
    close: async () => {
      await query(server, `drop database ${name} with (force)`);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return await query(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
