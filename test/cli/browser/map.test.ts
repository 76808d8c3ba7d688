import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { startBrowser } from '../../support/browser.ts';
import { temporaryFolder, writeFiles, type Files } from '../../support/project.ts';
import { generatedProject, HOSTILE, hostileProject } from './projects.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

it.each(['light', 'dark'] as const)('shows a small project, in %s', async (colorScheme) => {
  const page = await opened(generatedProject(5), { colorScheme, format: 'html' });
  expect(await page.locator('svg .lane').count()).toBe(5);
  expect(await overlaps(page)).toEqual([]);
  expect(await unreadable(page)).toEqual([]);
  await page.close();
});

it('draws the SVG alone, which fits into itself', async () => {
  const page = await opened(generatedProject(5), { format: 'svg' });
  expect(await page.locator('text.title').first().textContent()).toBe('generated');
  expect(await overlaps(page)).toEqual([]);
  await page.close();
});

it(
  'is searched, filtered and read at 200 queues, by mouse and by keyboard',
  { timeout: 180_000 },
  async () => {
    const page = await opened(generatedProject(200), { format: 'html' });
    const shown = page.locator('svg .lane:visible');
    expect(await overlaps(page)).toEqual([]);

    await page.getByRole('button', { name: /^without worker/ }).click();
    // Of the twenty without a worker one has a name that is not known, so that any worker may run it.
    expect(await shown.count()).toBe(19);
    expect(await page.locator('.count').textContent()).toBe('19 of 200 queues');
    await page.getByRole('button', { name: /^without worker/ }).click();

    await page.keyboard.press('/');
    await page.keyboard.type('service-42.ts');
    expect(await shown.count()).toBe(1);
    const box = await shown.first().boundingBox();
    expect(box?.y).toBeLessThan(200);

    await shown.first().focus();
    await page.keyboard.press('Enter');
    const details = page.getByRole('complementary', { name: 'Details' });
    expect(await details.getByRole('heading', { level: 2 }).textContent()).toBe('billing-expire-42');
    const text = await details.innerText();
    for (const part of [
      'Service42.start',
      'src/billing/service-42.ts:4',
      '5 attempts, exponential 2 s',
      'concurrency 3',
    ])
      expect(text).toContain(part);
    expect(text).toContain('no-floating-enqueue');

    await page.keyboard.press('Escape');
    expect(await details.isVisible()).toBe(false);
    expect(await shown.first().evaluate((lane) => lane === document.activeElement)).toBe(true);

    await page.getByLabel(/^Search/).fill('no such thing');
    expect(await shown.count()).toBe(0);
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await shown.count()).toBe(200);
    await page.close();
  },
);

it('keeps flows between the lanes that are shown', async () => {
  const page = await opened(generatedProject(24), { format: 'html' });
  const flows = page.locator('path.flow:visible');
  const before = await flows.count();
  expect(before).toBeGreaterThan(0);
  await page.getByRole('button', { name: /^in flows/ }).click();
  expect(await flows.count()).toBe(before);
  const ends = await flows.first().evaluate((flow) => {
    const { child = '' } = (flow as SVGPathElement).dataset;
    const lane = [...document.querySelectorAll<SVGGElement>('.lane')].find(
      (one) => one.dataset.queue === child,
    );
    const end = (flow as SVGPathElement).getPointAtLength(1e6);
    const card = lane?.querySelector('.queue rect') as SVGRectElement;
    return end.y - Number(lane?.dataset.y) - card.y.baseVal.value;
  });
  expect(ends).toBeGreaterThan(0);
  expect(ends).toBeLessThan(60);
  await page.getByLabel(/^Search/).fill('"orders-confirm-0"');
  expect(await flows.count()).toBeLessThanOrEqual(before);
  await page.close();
});

it('shows names that look like markup as they are', async () => {
  const page = await opened(hostileProject(), { format: 'html' });
  expect(await page.title()).toBe('<i>shop</i> & co · jobs');
  expect((await page.locator('.queues button > span').allTextContents()).sort()).toEqual([...HOSTILE].sort());
  for (const lane of await page.locator('svg .lane').all()) {
    await lane.locator('.queue').click();
    expect(HOSTILE).toContain(await page.locator('#details h2').textContent());
    await page.keyboard.press('Escape');
  }
  expect(await page.locator('main b, main i, #details b').count()).toBe(0);
  expect(await overlaps(page)).toEqual([]);
  await page.close();
});

interface Options {
  format: 'html' | 'svg';
  colorScheme?: 'light' | 'dark';
}

/** The map of a project in a new page. A script that fails, and a request for anything else, fail the test. */
async function opened(files: Files, { format, colorScheme = 'light' }: Options): Promise<Page> {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  let text = '';
  const code = await main(['map', '--format', format], {
    cwd: folder,
    out: (part) => (text += part),
    err: (part) => {
      throw new Error(part);
    },
    isInteractive: false,
    confirm: () => Promise.resolve(false),
  });
  expect(code).toBe(0);
  const file = path.join(folder, `map.${format}`);
  writeFileSync(file, text);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  const url = pathToFileURL(file).href;
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => problems.push(message.text()));
  page.on('request', (request) => {
    if (request.url() !== url) problems.push(request.url());
  });
  await page.goto(url);
  expect(problems).toEqual([]);
  page.once('close', () => expect(problems).toEqual([]));
  return page;
}

/** Texts of the drawing that leave their card, or lie on another text. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const card of document.querySelectorAll('.card')) {
      const outer = card.querySelector('rect')?.getBoundingClientRect();
      const texts = [...card.querySelectorAll(':scope > text')].map((text) => ({
        text: text.textContent,
        box: text.getBoundingClientRect(),
      }));
      for (const [index, { text, box }] of texts.entries()) {
        if (outer && (box.left < outer.left || box.right > outer.right || box.bottom > outer.bottom + 1))
          found.push(`leaves its card: ${text}`);
        const next = texts[index + 1];
        if (next && next.box.top < box.bottom - 4) found.push(`lies on the next: ${text}`);
      }
    }
    const cards = [...document.querySelectorAll('.card > rect')].map((card) => card.getBoundingClientRect());
    const sorted = cards.filter(({ width }) => width > 0).sort((a, b) => a.left - b.left || a.top - b.top);
    for (const [index, card] of sorted.entries()) {
      const next = sorted[index + 1];
      if (next && next.left < card.right && next.top < card.bottom && next.bottom > card.top)
        found.push('two cards lie on each other');
    }
    return found;
  });
}

/** Texts of the drawing with a contrast below what WCAG's level AA asks for. */
function unreadable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
        const value = Number(part) / 255;
        return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    return [...document.querySelectorAll('.card > text')].flatMap((text) => {
      const ground = text.parentElement?.querySelector('rect');
      if (!ground) return [];
      const fill = getComputedStyle(ground).fill;
      const [a, b] = [
        luminance(getComputedStyle(text).fill),
        luminance(fill === 'none' ? getComputedStyle(document.documentElement).backgroundColor : fill),
      ];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return contrast < 4.5 ? [`${text.textContent}: ${contrast.toFixed(1)}`] : [];
    });
  });
}
