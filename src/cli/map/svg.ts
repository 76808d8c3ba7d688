/**
 * The map as a drawing: three columns, a lane for each queue. Widths of texts are estimated from the widest font that a
 * reader can have, and what does not fit is cut, so that nothing ever overlaps.
 */
import { lanesOf, type Card, type Lane, type Line, type Tone } from './lanes.ts';
import type { FlowEdge, JobMap } from './model.ts';
import { STYLE } from './style.ts';

/** Pixels. `page/page.js` draws flows anew with `flowPath` when lanes are hidden, and knows `TOP` and `GAP`. */
const MARGIN = 24;
const TOP = 104;
const GAP = 18;
const COLUMNS = { producers: 376, queues: 288, workers: 360 } as const;
const TO_QUEUE = 64;
const TRACK = 10;
const PADDING = 12;
const LINE_HEIGHT = 17;
const CARD_GAP = 10;
/** Advance of a letter in the widest of the usual monospaced fonts, as a share of the size. */
const ADVANCE = 0.625;
const SIZES: Readonly<Record<Tone, number>> = {
  title: 13.5,
  place: 11.5,
  text: 12,
  schedule: 12,
  warning: 12,
  finding: 11.5,
  muted: 11.5,
};

interface Box {
  card: Card;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Drawn {
  lane: Lane;
  y: number;
  height: number;
  queue: Box;
  producers: Box[];
  workers: Box[];
}

/** The drawing as a file of its own. */
export function svgOf(map: JobMap): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing(map, { isAlone: true })}\n`;
}

/** The drawing; one that is a part of a page has the page's style and header. */
export function drawing(map: JobMap, { isAlone }: { isAlone: boolean }): string {
  const lanes = lanesOf(map);
  const tracks = tracksOf(lanes, map.flows);
  const columns = columnsFor(Math.max(0, ...tracks.map(({ track }) => track + 1)));
  const top = isAlone ? TOP : TOP - 56;
  let y = top;
  const drawn = lanes.map((lane) => {
    const placed = place(lane, columns, y);
    y += placed.height + GAP;
    return placed;
  });
  const height = Math.max(y, top + 60) + MARGIN / 2;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="map" width="${columns.width}" height="${height}" viewBox="0 0 ${columns.width} ${height}" role="${isAlone ? 'img' : 'group'}" aria-label="${escapeXml(`Job system of ${map.project}`)}">`,
    ...(isAlone ? [`<style>${STYLE}</style>`, `<rect class="ground" width="100%" height="100%"/>`] : []),
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" orient="auto"><path class="head" d="M0 0.5 8 4 0 7.5z"/></marker><marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" orient="auto"><path class="flow-head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>`,
    ...(isAlone ? header(map, lanes) : []),
    ...headings(columns, top),
    ...drawn.map((lane) => drawLane(lane, columns)),
    ...tracks.map((flow) => drawFlow(flow, drawn, columns)),
    ...(lanes.length === 0
      ? [
          `<text class="muted" x="${MARGIN}" y="${top + 20}" font-size="13">No queue, job or worker was found.</text>`,
        ]
      : []),
    '</svg>',
  ];
  return parts.join('\n');
}

interface Columns {
  producers: number;
  queues: number;
  workers: number;
  width: number;
}

function columnsFor(tracks: number): Columns {
  const queues = MARGIN + COLUMNS.producers + TO_QUEUE;
  const workers = queues + COLUMNS.queues + TO_QUEUE + (tracks > 0 ? tracks * TRACK + 8 : 0);
  return { producers: MARGIN, queues, workers, width: workers + COLUMNS.workers + MARGIN };
}

function place(lane: Lane, columns: Columns, y: number): Drawn {
  const stack = (cards: readonly Card[], x: number, width: number): Box[] => {
    let at = 0;
    return cards.map((card) => {
      const box = { card, x, y: at, width, height: heightOf(card) };
      at += box.height + CARD_GAP;
      return box;
    });
  };
  const producers = stack(lane.producers, columns.producers, COLUMNS.producers);
  const workers = stack(lane.workers, columns.workers, COLUMNS.workers);
  const [queue] = stack([lane.card], columns.queues, COLUMNS.queues) as [Box];
  const bottom = (boxes: readonly Box[]): number => Math.max(...boxes.map((box) => box.y + box.height));
  const height = Math.max(bottom(producers), bottom(workers), queue.height);
  return { lane, y, height, queue, producers, workers };
}

function heightOf({ lines }: Card): number {
  return PADDING * 2 + lines.length * LINE_HEIGHT - 4;
}

function header(map: JobMap, lanes: readonly Lane[]): string[] {
  const counts = summaryOf(map, lanes).map(({ text }) => text);
  return [
    `<text class="title" x="${MARGIN}" y="36" font-size="18">${escapeXml(cut(map.project, 60))}</text>`,
    `<text class="muted" x="${MARGIN}" y="58" font-size="12.5">${escapeXml(counts.join('  ·  '))}</text>`,
  ];
}

/** What a map has, in numbers: for the head of a drawing and of a page. */
export function summaryOf(map: JobMap, lanes: readonly Lane[]): { text: string; isWarning: boolean }[] {
  const count = (number: number, one: string, several = `${one}s`): string =>
    `${number} ${number === 1 ? one : several}`;
  const without = lanes.filter(({ queue }) => queue.hasWorker === 'no').length;
  const unfed = lanes.filter(({ queue }) => queue.isFed === 'no').length;
  return [
    { text: count(map.queues.length, 'queue'), isWarning: false },
    { text: count(map.producers.length, 'producer'), isWarning: false },
    { text: count(map.workers.length, 'worker'), isWarning: false },
    ...(without > 0 ? [{ text: `${without} without a worker`, isWarning: true }] : []),
    ...(unfed > 0 ? [{ text: `${unfed} not fed`, isWarning: true }] : []),
    ...(map.findings.length > 0 ? [{ text: count(map.findings.length, 'finding'), isWarning: true }] : []),
  ];
}

function headings(columns: Columns, top: number): string[] {
  const heading = (x: number, text: string): string =>
    `<text class="heading" x="${x}" y="${top - 16}" font-size="12">${text}</text>`;
  return [
    heading(columns.producers, 'Producers'),
    heading(columns.queues, 'Queues'),
    heading(columns.workers, 'Workers'),
  ];
}

function drawLane({ lane, y, height, queue, producers, workers }: Drawn, columns: Columns): string {
  const { id, name } = lane.queue;
  const right = queue.x + queue.width;
  return [
    `<g class="lane" data-queue="${escapeXml(id)}" data-height="${height}" transform="translate(0 ${y})">`,
    `<path class="rule" d="M${MARGIN} ${-GAP / 2}H${columns.width - MARGIN}"/>`,
    ...producers.map((box) => edge(box.x + box.width, middle(box), queue.x, middle(queue), box.card)),
    ...workers.map((box) => edge(right, middle(queue), box.x, middle(box), box.card)),
    ...producers.map((box) => drawBox(box, 'producer')),
    drawBox(queue, `queue${name.isKnown ? '' : ' unknown'}${isOrphan(lane) ? ' orphan' : ''}`),
    ...workers.map((box) => drawBox(box, 'worker')),
    '</g>',
  ].join('\n');
}

function isOrphan({ queue }: Lane): boolean {
  return queue.hasWorker === 'no' || queue.isFed === 'no';
}

/** Edges meet a card where its title is: a tall card does not pull them down. */
function middle({ y, height }: Box): number {
  return y + Math.min(height / 2, 30);
}

function edge(x1: number, y1: number, x2: number, y2: number, card: Card): string {
  const bend = (x1 + x2) / 2;
  const classes = ['edge', card.isMissing ? 'missing' : '', card.isOneOf ? 'one-of' : ''].filter(Boolean);
  const d = y1 === y2 ? `M${x1} ${y1}H${x2 - 2}` : `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2 - 2} ${y2}`;
  return `<path class="${classes.join(' ')}" d="${d}"${card.isMissing ? '' : ' marker-end="url(#arrow)"'}/>`;
}

function drawBox({ card, x, y, width, height }: Box, kind: string): string {
  const lines = card.lines.map((line, index) =>
    drawLine(line, x + PADDING, y + PADDING + 9 + index * LINE_HEIGHT, width),
  );
  const radius = kind.startsWith('queue') ? 18 : 7;
  return [
    `<g class="card ${kind}${card.isMissing ? ' ghost' : ''}" data-id="${escapeXml(card.id)}">`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`,
    ...lines,
    ...(card.findings.length > 0 ? [badge(x + width - 3, y + 3, card.findings.length)] : []),
    '</g>',
  ].join('\n');
}

function drawLine({ text, tone }: Line, x: number, y: number, width: number): string {
  const size = SIZES[tone];
  const indent = tone === 'schedule' || tone === 'finding' || tone === 'warning' ? 15 : 0;
  const room = Math.floor((width - 2 * PADDING - indent - 10) / (size * ADVANCE));
  const shown = tone === 'place' ? cutPath(text, room) : cut(text, room);
  const title = shown === text ? '' : `<title>${escapeXml(text)}</title>`;
  const icon = indent > 0 ? ICONS[tone as keyof typeof ICONS](x, y) : '';
  return `${icon}<text class="${tone}" x="${x + indent}" y="${y}" font-size="${size}">${escapeXml(shown)}${title}</text>`;
}

const ICONS = {
  schedule: (x: number, y: number) =>
    `<path class="icon clock" d="M${x + 5} ${y - 9}a5 5 0 1 0 .01 0zm0 2.2v3l2 1.4"/>`,
  finding: (x: number, y: number) => `<path class="icon flag" d="M${x + 5} ${y - 9}l5 9h-10z"/>`,
  warning: (x: number, y: number) => `<path class="icon warn" d="M${x + 5} ${y - 9}l5 9h-10z"/>`,
};

function badge(x: number, y: number, count: number): string {
  const text = count > 99 ? '99+' : String(count);
  const width = 12 + text.length * 7;
  return `<g class="badge"><rect x="${x - width + 8}" y="${y - 9}" width="${width}" height="18" rx="9"/><text x="${x + 8 - width / 2}" y="${y + 4}" font-size="11" text-anchor="middle">${text}</text><title>${count} finding${count === 1 ? '' : 's'}</title></g>`;
}

interface Track extends FlowEdge {
  track: number;
}

/** Flows that share lanes run beside each other. */
function tracksOf(lanes: readonly Lane[], flows: readonly FlowEdge[]): Track[] {
  const index = new Map(lanes.map(({ queue }, position) => [queue.id, position]));
  const taken: (readonly [number, number])[][] = [];
  return flows.flatMap((flow): Track[] => {
    const [from, to] = [index.get(flow.parent), index.get(flow.child)];
    if (from === undefined || to === undefined) return [];
    const span = [Math.min(from, to), Math.max(from, to)] as const;
    let track = taken.findIndex((spans) => spans.every(([low, high]) => span[1] < low || span[0] > high));
    if (track < 0) track = taken.push([]) - 1;
    taken[track]?.push(span);
    return [{ ...flow, track }];
  });
}

function drawFlow({ parent, child, track }: Track, drawn: readonly Drawn[], columns: Columns): string {
  const at = (id: string): Drawn | undefined => drawn.find(({ lane }) => lane.queue.id === id);
  const [from, to] = [at(parent), at(child)];
  if (!from || !to) return '';
  const x = columns.queues + COLUMNS.queues;
  const turn = x + 22 + track * TRACK;
  const isSame = from === to;
  const [y1, y2] = [FLOW_FROM, isSame ? FLOW_TO + 8 : FLOW_TO];
  return `<path class="flow" data-parent="${escapeXml(parent)}" data-child="${escapeXml(child)}" data-x="${x}" data-turn="${turn}" data-from="${y1}" data-to="${y2}" marker-end="url(#flow-arrow)" d="${flowPath(x, turn, from.y + y1, to.y + y2)}"><title>${escapeXml(`A flow: jobs of ${from.lane.queue.name.text} wait for jobs of ${to.lane.queue.name.text}`)}</title></path>`;
}

/** Where flows leave and enter the card of a queue, below its top. */
const FLOW_FROM = 46;
const FLOW_TO = 14;

function flowPath(x: number, turn: number, y1: number, y2: number): string {
  return `M${x} ${y1}H${turn}V${y2}H${x + 3}`;
}

/** Letters of East Asian scripts and emoji are two wide. */
function widthOf(letter: string): number {
  return /[\u1100-\u115f\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
    letter,
  )
    ? 2
    : 1;
}

function cut(text: string, room: number): string {
  const letters = Array.from(text.replace(/\s+/g, ' '));
  let width = 0;
  for (const [index, letter] of letters.entries()) {
    width += widthOf(letter);
    if (width > room) {
      let end = index;
      for (let over = width; over > room - 1 && end > 0; end--) over -= widthOf(letters[end - 1] ?? '');
      return `${letters.slice(0, end).join('').trimEnd()}…`;
    }
  }
  return letters.join('');
}

/** The end of a path tells more than its beginning. */
function cutPath(text: string, room: number): string {
  const letters = Array.from(text).reverse();
  const kept = cut(letters.join(''), room);
  return kept === letters.join('') ? text : Array.from(kept).reverse().join('');
}

/** Text for an attribute or between tags; what XML cannot have at all is replaced. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
