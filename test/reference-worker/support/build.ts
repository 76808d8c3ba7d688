import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The service and the unsafe worker as JavaScript, for tests that start processes. Test files run side by side, so each
 * has a folder of its own; it lies inside the repository because the processes load their packages from there.
 */
export async function buildProcesses(name: string): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'reference-worker', name);
  const project = join(root, 'test', 'reference-worker', 'tsconfig.processes.json');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', project, '--outDir', folder]);
  return folder;
}
