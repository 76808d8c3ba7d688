import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/**
 * A Chromium for tests: the one at CHROMIUM_PATH, or one that is found; on Debian it is installed where that can be done.
 * There is always one or an error: a suite that skips without a browser would pass without having proven anything.
 */
export async function startBrowser(
  env = process.env,
  install = isRootOnDebian() ? installChromium : undefined,
): Promise<Browser> {
  let program = env.CHROMIUM_PATH ?? findChromium(env.PATH);
  if (!program && install) {
    await install();
    program = findChromium(env.PATH);
  }
  if (!program)
    throw new Error(
      'These tests need Chromium: set CHROMIUM_PATH, or install it (for example `apt-get install chromium`).',
    );
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function findChromium(path = ''): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return [
    ...names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ].find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isRootOnDebian(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

async function installChromium(): Promise<void> {
  const script = 'command -v chromium || { apt-get update && apt-get install -y chromium; }';
  await promisify(execFile)('flock', [join(tmpdir(), 'install-chromium.lock'), 'sh', '-c', script], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
}
