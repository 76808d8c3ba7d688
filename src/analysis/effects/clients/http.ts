import type { Client } from './client.ts';

const KEY = /^(?:x-)?(?:idempotency-?key|request-?id|dedup\w*|client-?token)$/i;

/** Requests that only ask, although they are sent as a POST: searches, models, tokens. */
const ASKS =
  /graphql|\bgql\b|search|\bquery|oauth|\btoken|login|\bauth|openai|anthropic|completions|embedding|generat|predict|infer|translat|transcri|analy[sz]e|classif|scrape|crawl|extract|parse|render|convert|check|verify|validate|lookup|preview|\bllm\b|\bai\b|gemini|ollama|replicate|deepseek|chat/i;

/** Requests that change something on another server. */
export const http: readonly Client[] = [
  {
    name: 'axios, got and ky',
    deed: 'request',
    method: /^post$/,
    path: /^(?:axios|got|ky):(?:\.(?:default|AxiosInstance#|Axios#|axios|got|create\(\)|extend\(\)))*\.post$/,
    notText: ASKS,
    key: KEY,
  },
  {
    name: 'HttpService of NestJS',
    deed: 'request',
    method: /^post$/,
    path: /^@nestjs\/axios:\.HttpService#(?:\.axiosRef)?\.post$/,
    notText: ASKS,
    key: KEY,
  },
  {
    name: 'fetch',
    deed: 'request',
    method: /^(?:fetch|ofetch|\$fetch|request)$/,
    path: /^(?:global:\.\$?fetch|(?:node-fetch|cross-fetch|undici|ofetch|undici-fetch|isomorphic-fetch):(?:\.(?:default|fetch|request|ofetch|\$fetch))?)$/,
    text: /\bmethod:\s*['"`]POST/i,
    notText: ASKS,
    key: KEY,
  },
  {
    name: 'superagent and needle',
    deed: 'request',
    method: /^post$/,
    path: /^(?:superagent|needle):(?:\.default)?\.post$/,
    notText: ASKS,
    key: KEY,
  },
];
