import type { Client } from './client.ts';

/** Text messages, push notifications, chats. */
export const messages: readonly Client[] = [
  {
    name: 'Twilio',
    deed: 'message',
    method: /^create$/,
    path: /^twilio:.*\.(?:messages|calls|verifications\(?\)?)\.create$/,
  },
  {
    name: 'Vonage',
    deed: 'message',
    method: /^(?:send|sendSms)$/,
    path: /^@vonage\/[\w-]+:.*\.(?:send|sendSms)$/,
  },
  {
    name: 'MessageBird',
    deed: 'message',
    method: /^create$/,
    path: /^messagebird:.*\.messages\.create$/,
  },
  { name: "Africa's Talking", deed: 'message', method: /^send$/, path: /^africastalking:.*\.SMS\.send$/ },
  {
    name: 'AWS SNS',
    deed: 'message',
    method: /^(?:send|publish\w*)$/,
    path: /^(?:@aws-sdk\/client-sns:\.SNS(?:Client)?#|aws-sdk:\.SNS#)\.(?:send|publish\w*)$/,
    text: /publish/i,
    key: /^messagededuplicationid$/i,
  },
  {
    name: 'Firebase Cloud Messaging',
    deed: 'message',
    method: /^send\w*$/,
    path: /^firebase-admin(?:\/messaging)?:.*(?:\.messaging\(\)|\.getMessaging\(\)|\.Messaging#)\.send\w*$/,
    key: /^(?:collapse-?key|apns-collapse-id|tag)$/i,
  },
  {
    name: 'Expo',
    deed: 'message',
    method: /^sendPushNotificationsAsync$/,
    path: /^expo-server-sdk:.*\.sendPushNotificationsAsync$/,
  },
  {
    name: 'web-push',
    deed: 'message',
    method: /^sendNotification$/,
    path: /^web-push:.*\.sendNotification$/,
    key: /^topic$/,
  },
  {
    name: 'OneSignal',
    deed: 'message',
    method: /^createNotification$/,
    path: /^(?:onesignal-node|@onesignal\/node-onesignal):.*\.createNotification$/,
    key: /^(?:external_id|idempotency_key)$/,
  },
  {
    name: 'Slack',
    deed: 'message',
    method: /^(?:postMessage|send)$/,
    path: /^@slack\/(?:web-api:\.WebClient#\.chat\.postMessage|webhook:\.IncomingWebhook#\.send)$/,
    key: /^client_msg_id$/,
  },
  {
    name: 'Telegram',
    deed: 'message',
    method: /^send[A-Z]\w*$/,
    path: /^(?:telegraf|node-telegram-bot-api|grammy):.*\.send[A-Z]\w*$/,
  },
  {
    name: 'discord.js',
    deed: 'message',
    method: /^send$/,
    path: /^discord\.js:.*\.send$/,
    key: /^nonce$/,
  },
];
