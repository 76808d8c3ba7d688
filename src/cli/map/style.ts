/**
 * Colours and fonts of the drawing, in light and dark.
 */
export const STYLE = `
:root, svg.map {
  --ground: #ffffff; --card: #f8fafc; --line: #d5dce5; --ink: #17212f; --soft: #566579; --edge: #8b9ab0;
  --queue: #e8f1fd; --queue-line: #2f6fd0; --worker: #eaf7ef; --worker-line: #2c8a54; --flow: #7a4cc2;
  --warn: #a55800; --warn-ground: #fff6e6; --bad: #c02626; --bad-ink: #ffffff; --select: #2f6fd0;
}
@media (prefers-color-scheme: dark) {
  :root, svg.map {
    --ground: #0f151d; --card: #19222d; --line: #344354; --ink: #e6edf5; --soft: #9fb0c3; --edge: #6f8298;
    --queue: #15283f; --queue-line: #6aa5f5; --worker: #142c20; --worker-line: #58c088; --flow: #b794f4;
    --warn: #f0b354; --warn-ground: #2d2413; --bad: #f37a7a; --bad-ink: #2a0d0d; --select: #6aa5f5;
  }
}
svg.map text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: var(--ink); }
svg.map .ground { fill: var(--ground); }
svg.map .heading { fill: var(--soft); letter-spacing: .08em; text-transform: uppercase; font-family: system-ui, sans-serif; }
svg.map .title { font-weight: 650; }
svg.map .place, svg.map .muted { fill: var(--soft); }
svg.map .warning, svg.map .schedule { font-weight: 600; }
svg.map .warning { fill: var(--warn); }
svg.map .schedule { fill: var(--flow); }
svg.map .finding { fill: var(--bad); }
svg.map .icon { fill: none; stroke-width: 1.3; stroke-linejoin: round; stroke-linecap: round; }
svg.map .clock { stroke: var(--flow); }
svg.map .flag { stroke: var(--bad); fill: var(--bad); }
svg.map .warn { stroke: var(--warn); }
svg.map .rule { stroke: var(--line); stroke-width: 1; opacity: .55; }
svg.map .card rect { fill: var(--card); stroke: var(--line); stroke-width: 1.2; }
svg.map .queue > rect { fill: var(--queue); stroke: var(--queue-line); stroke-width: 1.6; }
svg.map .worker > rect { fill: var(--worker); stroke: var(--worker-line); }
svg.map .unknown > rect { stroke-dasharray: 2 4; }
svg.map .orphan > rect { fill: var(--warn-ground); stroke: var(--warn); stroke-width: 2.2; }
svg.map .ghost > rect { fill: none; stroke: var(--warn); stroke-dasharray: 6 5; }
svg.map .edge { fill: none; stroke: var(--edge); stroke-width: 1.4; }
svg.map .edge.missing { stroke: var(--warn); stroke-dasharray: 6 5; }
svg.map .edge.one-of { stroke-dasharray: 3 3; }
svg.map .head { fill: var(--edge); }
svg.map .flow { fill: none; stroke: var(--flow); stroke-width: 1.6; stroke-linejoin: round; }
svg.map .flow-head { fill: var(--flow); }
svg.map .badge > rect { fill: var(--bad); stroke: var(--ground); stroke-width: 1.5; }
svg.map .badge > text { fill: var(--bad-ink); font-weight: 700; font-family: system-ui, sans-serif; }
`;
