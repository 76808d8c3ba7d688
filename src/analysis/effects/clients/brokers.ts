import type { Client } from './client.ts';

/** Messages for other processes; what a BullMQ queue is given is an enqueue, and not told here. */
export const brokers: readonly Client[] = [
  {
    name: 'amqplib',
    deed: 'publication',
    method: /^(?:publish|sendToQueue)$/,
    path: /^(?:amqplib(?:\/callback_api)?|amqp-connection-manager):.*\.(?:publish|sendToQueue)$/,
    key: /^messageId$/,
  },
  {
    name: 'KafkaJS',
    deed: 'publication',
    method: /^send(?:Batch)?$/,
    path: /^(?:kafkajs|@confluentinc\/kafka-javascript):.*\.producer\(\)\.send(?:Batch)?$/,
    key: /^(?:idempotent|message-?id|event-?id)$/i,
  },
  {
    name: 'AWS SQS',
    deed: 'publication',
    method: /^send\w*$/,
    path: /^(?:@aws-sdk\/client-sqs:\.SQS(?:Client)?#|aws-sdk:\.SQS#)\.send\w*$/,
    text: /sendMessage/i,
    key: /^messagededuplicationid$/i,
  },
  {
    name: 'Google Pub/Sub',
    deed: 'publication',
    method: /^publish(?:Message)?$/,
    path: /^@google-cloud\/pubsub:.*\.topic\(\)\.publish(?:Message)?$/,
    key: /^(?:message-?id|event-?id|dedup\w*)$/i,
  },
];
