import type { Client } from './client.ts';

/** Headers and fields by which a receiver knows a request again; webhooks have theirs: `webhook-id`, `x-shop-delivery`. */
const KEY =
  /^(?:x-)?(?:idempotency[-_]?key|request[-_]?id|dedup\w*|client[-_]?token|(?:webhook|svix|event|delivery|message)[-_]?id|\$?insert_id|[\w-]+-(?:(?:event|webhook)-id|delivery(?:-id)?))$/i;

/** Requests that only ask, although they are sent as a POST: searches, models, tokens. */
const ASKS =
  /graphql|\bgql\b|search|\bquery|oauth|\btoken|login|\bauth|openai|anthropic|completions|embedding|generat|predict|infer|translat|transcri|analy[sz]e|classif|scrape|crawl|extract|parse|render|convert|check|verify|validate|lookup|enrich|geocod|summari[sz]|rerank|judge0|piston|preview|\bllm\b|\bai\b|gemini|ollama|replicate|deepseek|chat|\/(?:get|list|fetch|find)(?:[/?'"`-]|$)/i;

/** What a model or a search is asked with, and what asks for a token. */
const QUESTION =
  /\b(?:model|prompt|query|variables|grant_type|max_tokens|temperature|embeddings?)['"]?\s*[:,]/;

/** Requests that change something on another server. */
export const http: readonly Client[] = [
  {
    name: 'axios, got and ky',
    deed: 'request',
    method: /^post$/,
    path: /^(?:axios|got|ky):(?:\.(?:default|AxiosInstance#|Axios#|axios|got|create\(\)|extend\(\)))*\.post$/,
    notTo: ASKS,
    notWith: QUESTION,
    key: KEY,
  },
  {
    name: 'HttpService of NestJS',
    deed: 'request',
    method: /^post$/,
    path: /^@nestjs\/axios:\.HttpService#(?:\.axiosRef)?\.post$/,
    notTo: ASKS,
    notWith: QUESTION,
    key: KEY,
  },
  {
    name: 'fetch',
    deed: 'request',
    method: /^(?:fetch|ofetch|\$fetch|request)$/,
    path: /^(?:global:\.\$?fetch|(?:node-fetch|cross-fetch|undici|ofetch|undici-fetch|isomorphic-fetch):(?:\.(?:default|fetch|request|ofetch|\$fetch))?)$/,
    text: /\bmethod:\s*['"`]POST/i,
    verb: /^post$/i,
    notTo: ASKS,
    notWith: QUESTION,
    key: KEY,
  },
  {
    name: 'superagent and needle',
    deed: 'request',
    method: /^post$/,
    path: /^(?:superagent|needle):(?:\.default)?\.post$/,
    notTo: ASKS,
    notWith: QUESTION,
    key: KEY,
  },
];
