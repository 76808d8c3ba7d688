import type { Client } from './client.ts';

export const payment: readonly Client[] = [
  {
    name: 'Stripe',
    deed: 'payment',
    // `invoices.createPreview()` only reads.
    method: /^(?:create(?!Preview)\w*|capture|confirm|pay|finalizeInvoice|sendInvoice|refund)$/,
    path: /^stripe:(?:\.\w+)?#\.(?!webhooks|webhookEndpoints|tokens|accountLinks|billingPortal|checkout|(?:customers|products|prices|plans|coupons|promotionCodes|taxRates|accounts)\.create$)[\w.]+\.\w+$/,
    key: /^idempotency-?key$/i,
  },
  {
    // No money moves, but the second one is there beside the first.
    name: 'Stripe',
    deed: 'request',
    method: /^create$/,
    path: /^stripe:(?:\.\w+)?#\.(?:customers|products|prices|plans|coupons|promotionCodes|taxRates|accounts)\.create$/,
    key: /^idempotency-?key$/i,
  },
  {
    name: 'Razorpay',
    deed: 'payment',
    method: /^(?:create\w*|capture|refund|transfer)$/,
    path: /^razorpay:(?:\.\w+)?#\.(?:orders|payments|transfers|refunds|payouts|invoices|subscriptions)\.\w+$/,
    key: /^(?:x-payout-idempotency|receipt)$/i,
  },
  {
    name: 'PayPal',
    deed: 'payment',
    method: /^(?:execute|ordersCapture|ordersCreate|paymentsCapturesRefund|capture\w*|create\w*|refund\w*)$/,
    path: /^(?:@paypal\/[\w-]+|paypal-rest-sdk):.*\.(?:execute|orders\w+|payments\w+|(?:capture|create|refund)\w*)$/,
    text: /Capture|Refund|Payout|payout|orders|payment/,
    key: /^paypal-?request-?id$|^senderBatchId$|^sender_batch_id$/i,
  },
  {
    name: 'Square',
    deed: 'payment',
    method: /^(?:create\w*|refund\w*|complete\w*|pay\w*)$/,
    path: /^square(?:\/legacy)?:.*\.(?:payments(?:Api)?|refunds(?:Api)?|orders(?:Api)?|invoices(?:Api)?)\.\w+$/,
    key: /^idempotency_?key$/i,
  },
  {
    name: 'Braintree',
    deed: 'payment',
    method: /^(?:sale|refund|submitForSettlement|create)$/,
    path: /^braintree:.*\.(?:transaction|subscription)\.\w+$/,
    key: /^orderId$/,
  },
  {
    name: 'Mollie',
    deed: 'payment',
    method: /^create$/,
    path: /^@mollie\/api-client:.*\.(?:payments|orders|subscriptions|refunds|\w+_\w+)\.create$/,
    key: /^idempotency-?key$/i,
  },
  {
    name: 'Adyen',
    deed: 'payment',
    method: /^(?:payments|payout|refund\w*|capture\w*)$/,
    path: /^@adyen\/api-library:.*\.(?:payments|payout|refund\w*|capture\w*)$/,
    key: /^idempotency-?key$/i,
  },
];
