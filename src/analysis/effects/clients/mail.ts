import { MESSAGE_ID, type Client } from './client.ts';

export const mail: readonly Client[] = [
  {
    name: 'nodemailer',
    deed: 'message',
    method: /^sendMail$/,
    path: /^nodemailer:.*(?:createTransport\(\)|Transporter#|Mail#)\.sendMail$/,
    key: MESSAGE_ID,
  },
  {
    name: '@nestjs-modules/mailer',
    deed: 'message',
    method: /^sendMail$/,
    path: /^@nestjs-modules\/mailer:\.MailerService#\.sendMail$/,
    key: MESSAGE_ID,
  },
  {
    name: 'SendGrid',
    deed: 'message',
    method: /^send(?:Multiple)?$/,
    path: /^@sendgrid\/mail:(?:\.(?:default|MailService#))?\.send(?:Multiple)?$/,
  },
  {
    name: 'Resend',
    deed: 'message',
    method: /^(?:send|create)$/,
    path: /^resend:(?:\.Resend)?#\.(?:emails|batch)\.(?:send|create)$/,
    key: /^idempotency-?key$/i,
  },
  {
    name: 'Postmark',
    deed: 'message',
    method: /^sendEmail\w*$/,
    path: /^postmark:\.(?:Server)?Client#\.sendEmail\w*$/,
  },
  {
    name: 'Mailgun',
    deed: 'message',
    method: /^(?:create|send)$/,
    path: /^(?:mailgun\.js|mailgun-js):.*\.messages(?:\(\))?\.(?:create|send)$/,
    key: MESSAGE_ID,
  },
  {
    name: 'Mailjet',
    deed: 'message',
    method: /^request$/,
    path: /^node-mailjet:.*\.post\(\)\.request$/,
    key: /^customid$/i,
  },
  {
    name: 'Mailchimp Transactional',
    deed: 'message',
    method: /^send(?:Template)?$/,
    path: /^@mailchimp\/mailchimp_transactional:.*\.messages\.send(?:Template)?$/,
  },
  {
    name: 'Brevo',
    deed: 'message',
    method: /^sendTransac(?:Email|Sms)$/,
    path: /^(?:@getbrevo\/brevo|sib-api-v3-sdk|@sendinblue\/client):.*\.sendTransac(?:Email|Sms)$/,
    key: MESSAGE_ID,
  },
  {
    name: 'AWS SES',
    deed: 'message',
    method: /^send\w*$/,
    path: /^(?:@aws-sdk\/client-ses(?:v2)?:\.SES(?:v2)?(?:Client)?#|aws-sdk:\.SES(?:V2)?#)\.send\w*$/,
    // The client sends every command by the same method.
    text: /send\w*Email/i,
  },
];
